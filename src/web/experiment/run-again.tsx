import { useRef } from 'react';
import { useLocation } from 'wouter';
import { formatDuration } from '../../analysis/report/format.ts';
import type { ComparisonDryRun, ExperimentDryRun } from '../../contracts/documents/api.ts';
import { post, request } from '../data/api.ts';
import { randomKey } from '../data/random-key.ts';
import { useResource } from '../data/use-resource.ts';
import { Confirm } from '../parts/confirm.tsx';

interface RunAgainProps {
  kind: 'experiments' | 'comparisons';
  name: string;
  /** What it was started with. */
  spec: object;
}

/** Starts the same once more, once a person has seen how long that takes. */
export function RunAgain({ kind, name, spec }: RunAgainProps) {
  const [, navigate] = useLocation();
  // The answer to a first try may have been lost: the second is the same request.
  const key = useRef(randomKey());
  const start = async () => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key.current };
    const response = await request(`/api/${kind}`, { method: 'POST', headers, body: JSON.stringify(spec) });
    const { id } = await response.json();
    key.current = randomKey();
    navigate(`/${kind}/${id}`);
  };
  return (
    <Confirm label="Run again" leaveLabel="Not now" title={`Run “${name}” again?`} onConfirm={start}>
      <Expected path={`/api/${kind}?dryRun=true`} spec={spec} />
    </Confirm>
  );
}

function Expected({ path, spec }: { path: string; spec: object }) {
  const { data, error } = useResource(path, (signal) =>
    post<ExperimentDryRun | ComparisonDryRun>(path, spec, signal),
  );
  if (error) return <p>How long it takes could not be told: {error.message}</p>;
  if (!data) return <p>The same once more, with a result of its own. Asking how long it takes …</p>;
  const { seconds, costUsd } = data.expected;
  return (
    <p>
      The same once more, with a result of its own. It takes about {formatDuration(seconds * 1_000)}
      {costUsd !== null && ` and costs $${costUsd.toFixed(2)}`}, once it is its turn.
    </p>
  );
}
