import type { ComparisonDetail, ExperimentDetail } from '../contracts/api.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Comparisons } from './comparisons.ts';
import type { Experiments } from './experiments.ts';
import type { TemporalUi } from './links.ts';
import type { SharedPoller } from './shared-poller.ts';
import type { TemporalGateway } from './temporal/gateway.ts';

/** What the routes work with. */
export interface RouteContext {
  gateway: TemporalGateway;
  store: ObjectStore;
  experiments: Experiments;
  comparisons: Comparisons;
  experimentEvents: SharedPoller<ExperimentDetail>;
  comparisonEvents: SharedPoller<ComparisonDetail>;
  ui: TemporalUi;
  newId: () => string;
  now: () => Date;
  /** Ends event streams, on shutdown. */
  shutdown: AbortSignal;
}
