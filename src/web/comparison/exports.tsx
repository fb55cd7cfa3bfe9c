import { DownloadButton } from '../parts/download-button.tsx';

const formats = [
  ['HTML, opens offline', 'text/html', 'html'],
  ['Markdown', 'text/markdown', 'md'],
  ['JSON', 'application/json', 'json'],
] as const;

/** The report as files to keep and to forward. */
export function Exports({ path, name }: { path: string; name: string }) {
  return (
    <section className="card stack" aria-labelledby="exports">
      <h2 id="exports">Take it with you</h2>
      <div className="row">
        {formats.map(([label, accept, ending]) => (
          <DownloadButton key={ending} label={label} path={path} accept={accept} name={`${name}.${ending}`} />
        ))}
      </div>
    </section>
  );
}
