import { useEffect, useRef } from 'react';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import { download, getText } from '../data/api.ts';
import { useResource } from '../data/use-resource.ts';

const shownLines = 400;

/** The end of its log: phases, and terraform's messages resource by resource. */
export function LogTail({ detail }: { detail: ExperimentDetail }) {
  const { id, phase, links } = detail;
  const isClosed = phase === 'closed';
  const log = useResource(
    links.log && `${links.log} ${isClosed}`,
    (signal) => getText(links.log ?? '', 'text/plain', signal),
    isClosed ? undefined : 3_000,
  );
  const box = useRef<HTMLPreElement>(null);
  const lines = log.data?.trimEnd().split('\n') ?? [];
  const text = lines.slice(-shownLines).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what moves the end
  useEffect(() => {
    const element = box.current;
    if (element && !isClosed) element.scrollTop = element.scrollHeight;
  }, [text, isClosed]);
  return (
    <section className="card stack" aria-labelledby="log">
      <div className="row spread">
        <h2 id="log">Log</h2>
        {links.log && (
          <button
            type="button"
            className="button"
            onClick={() => void download(links.log ?? '', 'text/plain', `${id}.log`)}
          >
            Download the whole log
          </button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre ref={box} className="log" tabIndex={0}>
        {text || (links.log ? ' ' : 'Nothing yet.')}
      </pre>
    </section>
  );
}
