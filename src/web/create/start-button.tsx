import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { type ApiError, asApiError, request } from '../data/api.ts';
import { randomKey } from '../data/random-key.ts';
import { Failure } from '../parts/states.tsx';
import { type Draft, submissionOf } from './draft/draft.ts';
import { FaultList } from './fault-list.tsx';
import { faultsOf } from './preview/use-preview.ts';

/** Starts it, once, however often it is pressed while no answer comes. */
export function StartButton({ draft, isReady }: { draft: Draft; isReady: boolean }) {
  const [, navigate] = useLocation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const key = useRef({ body: '', key: '' });
  const start = async () => {
    const { kind, document } = submissionOf(draft);
    const body = JSON.stringify(document);
    // The same draft sent again is the same request: the answer to the first may have been lost.
    if (key.current.body !== body) key.current = { body, key: randomKey() };
    setBusy(true);
    setError(null);
    try {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key.current.key };
      const response = await request(`/api/${kind}`, { method: 'POST', headers, body });
      const { id } = await response.json();
      navigate(`/${kind}/${id}`);
    } catch (caught) {
      setError(asApiError(caught));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <button
        type="button"
        className="button main"
        disabled={!isReady}
        aria-disabled={busy}
        onClick={() => !busy && void start()}
      >
        {busy ? 'Starting …' : 'Start'}
      </button>
      {error && <Refusal draft={draft} error={error} />}
    </div>
  );
}

function Refusal({ draft, error }: { draft: Draft; error: ApiError }) {
  const faults = faultsOf(draft, error);
  if (faults.size === 0) return <Failure error={error} />;
  return (
    <div role="alert" className="notice bad stack">
      <p>It was not started: something needs mending.</p>
      <FaultList faults={faults} />
    </div>
  );
}
