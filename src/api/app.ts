import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { type KnownCloud, noCloud } from '../analysis/plan/cloud.ts';
import type { KnownClusters } from '../analysis/plan/clusters.ts';
import { endlessRoom, type Room } from '../analysis/plan/room.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createRecords } from '../storage/records.ts';
import type { PriceBook } from '../technologies/prices.ts';
import { listPrices } from '../technologies/registry.ts';
import { access } from './access/access.ts';
import { AuditTrail, audit } from './access/audit.ts';
import type { Keyring } from './access/keyring.ts';
import { rateLimit } from './access/rate-limit.ts';
import { callOf, demandRoles } from './access/roles.ts';
import type { TemporalUi } from './common/links.ts';
import type { ListsPlace } from './common/lists.ts';
import type { ListAges } from './common/work-index.ts';
import { Comparisons } from './comparisons/comparisons.ts';
import { comparisonRoutes } from './comparisons/routes.ts';
import type { RouteContext } from './context.ts';
import { Experiments } from './experiments/experiments.ts';
import { histogramRoutes } from './experiments/histogram-routes.ts';
import { experimentRoutes } from './experiments/routes.ts';
import { type EventStreamOptions, EventStreams } from './http/event-stream.ts';
import { limitBody } from './http/json-body.ts';
import type { Logger } from './http/logger.ts';
import { observe } from './http/observe.ts';
import { describeBodies, openApiInfo } from './http/openapi.ts';
import { HttpProblem, unavailable } from './http/problems.ts';
import { securityHeaders } from './http/security-headers.ts';
import { SharedPoller } from './http/shared-poller.ts';
import type { BuiltPage } from './page/built-page.ts';
import { lostPage, pageRoutes } from './page/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { apiIndex, catalogueRoutes } from './service/catalogue-routes.ts';
import { docsRoutes } from './service/docs-routes.ts';
import { homePage } from './service/home-page.ts';
import { createMetrics } from './service/metrics.ts';
import { OpenWaits } from './service/open-waits.ts';
import { keepFor } from './service/retention.ts';
import { serviceRoutes } from './service/routes.ts';
import { guardStore, StorageUnavailable } from './sources/guarded-store.ts';
import { type TemporalGateway, TemporalUnavailable } from './sources/temporal-gateway.ts';
import { visibleAnswers } from './visible-json.ts';

export interface AppDependencies {
  gateway: TemporalGateway;
  store: ObjectStore;
  /** Who may call; one that asks for no key is for loopback, where `Host` and `Origin` are checked instead. */
  keyring: Keyring;
  /** Requests that a key may make in a minute, where it has no number of its own. */
  requestsPerMinute: number;
  /** Where changes are noted; without, one of this app's own. */
  auditTrail?: AuditTrail;
  ui: TemporalUi;
  newId: () => string;
  now: () => Date;
  log: Logger;
  /** Ends event streams, on shutdown. */
  shutdown?: AbortSignal;
  /** Time between two events of a stream. */
  eventIntervalMs?: number;
  /** Of the machine where experiments run; without it, none is looked at. */
  room?: () => Room;
  /** Clusters of the user's that may be measured; none where it is left out. */
  clusters?: () => KnownClusters;
  /** What experiments may use of AWS; nothing where it is left out. */
  cloud?: KnownCloud;
  /** By which costs are told; without, the built-in ones. */
  prices?: PriceBook;
  eventStreams?: Omit<EventStreamOptions, 'shutdown'>;
  /** How old lists may be; without, a second. */
  listAges?: ListAges;
  /** Folder for copies of lists, which is for this process alone; without, they are in memory. */
  listsFolder?: string;
  /** Whether lists are read as soon as storage answers, and not when somebody asks. */
  readAhead?: boolean;
  /** For how long closed work is kept; null, or without, for ever. */
  retentionDays?: number | null;
  /** Whether `/metrics` tells of the process too. */
  processMetrics?: boolean;
  /** The web page; null, or without, where it was not built. */
  page?: BuiltPage | null;
}

/**
 * The HTTP API (src/contracts/README.md, "HTTP API").
 * @example
 * const app = createApp(deps);
 * const response = await app.request('/api/experiments');
 */
export function createApp(deps: AppDependencies) {
  const context = routeContext(deps);
  if (deps.retentionDays) void keepFor(deps.retentionDays, context, deps.log);
  if (deps.readAhead) {
    void context.experiments.readAhead(context.shutdown);
    void context.comparisons.readAhead(context.shutdown);
  }
  const metrics = createMetrics(context, { processMetrics: deps.processMetrics });

  const app = new OpenAPIHono();
  app.use(visibleAnswers);
  app.use(securityHeaders);
  app.use(observe(metrics, deps.log));
  app.use(audit(context.auditTrail, deps.now));
  app.use(access(deps.keyring));
  app.use(rateLimit(deps.requestsPerMinute));
  app.use(limitBody);
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));

  const routed = app
    .route('/', experimentRoutes(context))
    .route('/', histogramRoutes(context))
    .route('/', comparisonRoutes(context))
    .route('/', reportRoutes(context))
    .route('/', catalogueRoutes(context))
    .route('/', serviceRoutes(context, metrics))
    .route('/', docsRoutes())
    .route(
      '/',
      pageRoutes(deps.page ?? null, homePage(deps.ui), () => apiIndex(deps.ui)),
    );
  describe(app, deps.keyring.isAsked);

  // Not thrown: what was thrown is none of `methodNotAllowed`'s business.
  app.notFound(
    (c) =>
      lostPage(c, deps.page ?? null) ??
      new HttpProblem(
        404,
        `There is nothing at ${c.req.path.slice(0, 200)}; /docs lists what there is.`,
      ).toResponse(),
  );
  app.onError((error, c) => {
    const problem = problemOf(error);
    // Without a key, no route was asked: the page tells nothing of what there is.
    const lost = problem.status === 401 ? lostPage(c, deps.page ?? null) : null;
    if (lost) return lost;
    if (problem.status >= 500)
      deps.log.error({ err: error, method: c.req.method, path: c.req.path }, 'failed');
    return problem.toResponse();
  });
  return routed;
}
/** For a typed client: `hc<App>(url)`. */
export type App = ReturnType<typeof createApp>;

const defaultAges: ListAges = { changesMs: 1_000, wholeMs: 15 * 60_000 };

/** What the routes work with. */
export function routeContext(deps: AppDependencies): RouteContext {
  const { gateway, ui, newId, now, eventIntervalMs: intervalMs = 1_000, listAges: ages = defaultAges } = deps;
  const store = guardStore(deps.store);
  const records = createRecords(store);
  const subject = `${store.bucket}\n${ui.namespace}`;
  const lists: ListsPlace = { folder: deps.listsFolder ?? null, subject, log: deps.log };
  const experiments = new Experiments({ gateway, records, store, ui, now, ages, lists });
  const comparisons = new Comparisons({ gateway, records, store, experiments, ui, now, ages, lists });
  const shutdown = deps.shutdown ?? new AbortController().signal;
  return {
    gateway,
    store,
    auditTrail: deps.auditTrail ?? new AuditTrail({ store, log: deps.log, newId }),
    experiments,
    comparisons,
    experimentEvents: new SharedPoller({
      intervalMs,
      poll: (id) => experiments.detail(id),
      isClosed: (detail) => experiments.isClosed(detail),
    }),
    comparisonEvents: new SharedPoller({
      intervalMs,
      poll: (id) => comparisons.detail(id),
      isClosed: (detail) => comparisons.isClosed(detail),
    }),
    openWaits: new OpenWaits(gateway, now),
    ui,
    page: deps.page ?? null,
    newId,
    now,
    room: deps.room ?? (() => endlessRoom),
    prices: deps.prices ?? listPrices,
    clusters: deps.clusters ?? (() => ({ clusters: [] })),
    cloud: deps.cloud ?? noCloud,
    eventStreams: new EventStreams({ ...deps.eventStreams, shutdown }),
    shutdown,
  };
}

/** `/openapi.json`; it asks for keys only where the service does. */
function describe(app: OpenAPIHono, keyed: boolean): void {
  describeBodies(app);
  if (keyed) {
    app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  }
  const { definitions } = app.openAPIRegistry;
  demandRoles(
    definitions.flatMap((one) =>
      one.type === 'route' ? [callOf(one.route.method.toUpperCase(), one.route.path)] : [],
    ),
  );
  app.get('/openapi.json', (c) => c.json(app.getOpenAPI31Document(openApiInfo(keyed))));
}

function refuseMethod({ req }: Context, methods: string[]): Response {
  const allow = methods.join(', ');
  return new HttpProblem(405, `${req.method} is not possible here; possible: ${allow}.`, {
    headers: { Allow: allow },
  }).toResponse();
}

/** What went wrong in words for the client; details of our own faults stay in the log. */
function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof TemporalUnavailable) return unavailable('Temporal', error);
  if (error instanceof StorageUnavailable) return unavailable('S3', error);
  if (isAborted(error)) return new HttpProblem(400, 'The request ended before its body did; send it again.');
  if (error instanceof HTTPException && error.status < 500)
    return new HttpProblem(error.status, error.message);
  return new HttpProblem(500, 'Something went wrong in the API; its log says what.', { cause: error });
}

/** Whether the client went away while its body was being read, in the words of Node. */
function isAborted(error: unknown): boolean {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ECONNRESET' && message === 'aborted';
}
