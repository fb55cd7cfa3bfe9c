import { useEffect, useState } from 'react';
import { saveAs } from '../../data/api.ts';
import type { Submission } from '../draft.ts';

/** What was put together as a file, for `npx comparator run`. */
export function YamlText({ document }: { document: object }) {
  const [text, setText] = useState('');
  useEffect(() => {
    void import('yaml').then(({ stringify }) => setText(stringify(document)));
  }, [document]);
  return (
    <div className="stack">
      <CopyOrSave text={text} name="comparison.yaml" />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

/** A command that starts what was put together. */
export function CurlText({ submission: { kind, document } }: { submission: Submission }) {
  const body = JSON.stringify(document, null, 2).replaceAll("'", "'\\''");
  const text = `curl -X POST ${location.origin}/api/${kind} \\
  -H 'Content-Type: application/json' \\
  -d '${body}'`;
  return (
    <div className="stack">
      <CopyOrSave text={text} name="comparison.sh" />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

function CopyOrSave({ text, name }: { text: string; name: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => void copy()}>
        {copied ? 'Copied' : 'Copy'}
      </button>
      <button type="button" className="button" onClick={() => saveAs(new Blob([text]), name)}>
        Save as a file
      </button>
    </div>
  );
}
