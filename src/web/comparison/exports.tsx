import { download } from '../data/api.ts';

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
          <button
            key={ending}
            type="button"
            className="button"
            onClick={() => void download(path, accept, `${name}.${ending}`)}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}
