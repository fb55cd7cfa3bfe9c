import type { KnownCloud } from '../analysis/plan/cloud.ts';
import type { KnownClusters } from '../analysis/plan/clusters.ts';
import type { Room } from '../analysis/plan/room.ts';
import type { ComparisonDetail, ExperimentDetail } from '../contracts/documents/api.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { PriceBook } from '../technologies/prices.ts';
import type { AuditTrail } from './access/audit.ts';
import type { TemporalUi } from './common/links.ts';
import type { Comparisons } from './comparisons/comparisons.ts';
import type { Experiments } from './experiments/experiments.ts';
import type { EventStreams } from './http/event-stream.ts';
import type { SharedPoller } from './http/shared-poller.ts';
import type { BuiltPage } from './page/built-page.ts';
import type { OpenWaits } from './service/open-waits.ts';
import type { TemporalGateway } from './sources/temporal-gateway.ts';

/** What the routes work with. */
export interface RouteContext {
  gateway: TemporalGateway;
  store: ObjectStore;
  auditTrail: AuditTrail;
  experiments: Experiments;
  comparisons: Comparisons;
  experimentEvents: SharedPoller<ExperimentDetail>;
  comparisonEvents: SharedPoller<ComparisonDetail>;
  eventStreams: EventStreams;
  openWaits: OpenWaits;
  ui: TemporalUi;
  /** The web page, whose charts HTML reports hold; null where it was not built. */
  page: BuiltPage | null;
  newId: () => string;
  now: () => Date;
  /** Of the machine that experiments run on. */
  room: () => Room;
  prices: PriceBook;
  /** Clusters of the user's that may be measured. */
  clusters: () => KnownClusters;
  /** What experiments may use of AWS. */
  cloud: KnownCloud;
  /** Ends event streams, on shutdown. */
  shutdown: AbortSignal;
}
