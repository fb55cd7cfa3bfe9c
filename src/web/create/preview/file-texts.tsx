import { useEffect, useState } from 'react';
import { saveAs } from '../../data/api.ts';
import { keptKey } from '../../data/key.ts';
import { CouldNotLoad } from '../../parts/states.tsx';
import type { Submission } from '../draft/draft.ts';
import { curlCommand } from './curl-command.ts';

/** What was put together as a file, for `npx comparator run`. */
export function YamlText({ document }: { document: object }) {
  const [text, setText] = useState('');
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    import('yaml').then(
      ({ stringify }) => setText(stringify(document)),
      () => setFailed(true),
    );
  }, [document]);
  if (hasFailed) return <CouldNotLoad />;
  return <ShownText text={text} name="comparison.yaml" />;
}

/** A command that starts what was put together. */
export function CurlText({ submission }: { submission: Submission }) {
  return (
    <ShownText text={curlCommand(submission, location.origin, keptKey() !== null)} name="comparison.sh" />
  );
}

function ShownText({ text, name }: { text: string; name: string }) {
  return (
    <div className="stack">
      <CopyOrSave text={text} name={name} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

function CopyOrSave({ text, name }: { text: string; name: string }) {
  const [told, setTold] = useState('');
  const copy = async () => {
    try {
      // Browsers have it on HTTPS and on this machine alone.
      await navigator.clipboard.writeText(text);
      setTold('Copied.');
    } catch {
      setTold('This browser lets no page copy here: mark the text below, or save it as a file.');
    }
  };
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => void copy()}>
        Copy
      </button>
      <button type="button" className="button" onClick={() => saveAs(new Blob([text]), name)}>
        Save as a file
      </button>
      <span role="status" className="small">
        {told}
      </span>
    </div>
  );
}
