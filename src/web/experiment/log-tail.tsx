import { useEffect, useRef } from 'react';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import { getText } from '../data/api.ts';
import { useResource } from '../data/use-resource.ts';
import { DownloadButton } from '../parts/download-button.tsx';
import { Failure } from '../parts/states.tsx';

const shownLines = 400;
/** As near to the end as counts as there, in pixels. */
const nearEnd = 24;

/** The end of its log: phases, and terraform's messages resource by resource. */
export function LogTail({ detail }: { detail: ExperimentDetail }) {
  const { id, phase, links } = detail;
  const isClosed = phase === 'closed';
  const log = useResource(
    links.log,
    (signal) => getText(links.log ?? '', 'text/plain', signal),
    isClosed ? undefined : 3_000,
  );
  const lines = log.data?.trimEnd().split('\n') ?? [];
  const text = lines.slice(-shownLines).join('\n');
  const { box, onScroll } = useEndInSight(text, !isClosed || detail.outcome === 'failed');
  return (
    <section className="card stack" aria-labelledby="log">
      <div className="row spread">
        <h2 id="log">Log</h2>
        {links.log && (
          <DownloadButton
            label="Download the whole log"
            path={links.log}
            accept="text/plain"
            name={`${id}.log`}
          />
        )}
      </div>
      {log.error && <Failure error={log.error} onRetry={log.reload} isTriedAgain={!isClosed} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre ref={box} className="log" tabIndex={0} onScroll={onScroll}>
        {text || (links.log ? ' ' : 'Nothing yet.')}
      </pre>
    </section>
  );
}

/** Follows the end of what grows for as long as nobody has scrolled away from it. */
function useEndInSight(text: string, follows: boolean) {
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what moves the end
  useEffect(() => {
    const element = box.current;
    if (element && follows && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [text, follows]);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.clientHeight - element.scrollTop < nearEnd;
  };
  return { box, onScroll };
}
