import type { Resource } from '../data/use-resource.ts';
import { Failure } from '../parts/states.tsx';

/** Without it one would think that none were measured. */
export function SeriesFailure({ series: { error, reload } }: { series: Resource<unknown> }) {
  if (!error) return null;
  return (
    <section className="card stack" aria-labelledby="series-failure">
      <h2 id="series-failure">Second by second</h2>
      <Failure error={error} onRetry={reload} />
    </section>
  );
}
