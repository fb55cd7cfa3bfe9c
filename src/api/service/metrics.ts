import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RouteContext } from '../context.ts';
import { readOrphans } from '../sources/orphans.ts';

export interface RequestObservation {
  method: string;
  route: string;
  status: number;
  seconds: number;
}

export interface ApiMetrics {
  observeRequest(observation: RequestObservation): void;
  contentType: string;
  /** Text in the format of Prometheus. */
  render(): Promise<string>;
}

/**
 * Metrics of one app. What is open or fails is counted when asked for, and left out while Temporal does not answer.
 * @param processMetrics also what the process uses: memory, CPU, event loop
 */
export function createMetrics(
  { experiments, openWaits, store }: Pick<RouteContext, 'experiments' | 'openWaits' | 'store'>,
  { processMetrics = false } = {},
): ApiMetrics {
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'comparator_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'comparator_http_request_duration_seconds',
    help: 'Time to answer a request; for event streams, to begin the answer',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const open = new Gauge({
    name: 'comparator_experiments_open',
    help: 'Experiments that have not closed, by phase',
    labelNames: ['phase'],
    registers: [registry],
    async collect() {
      const found = await experiments.open().catch(() => null);
      this.reset();
      for (const { phase } of found ?? []) this.inc({ phase });
    },
  });
  const failing = new Gauge({
    name: 'comparator_workflow_tasks_failing',
    help: 'Open workflows whose code fails, so that nothing of them goes on; of at most 100 that were looked at',
    registers: [registry],
    async collect() {
      // Without an answer there is no sample, as against a reassuring 0.
      this.remove();
      const found = await openWaits.failing().catch(() => null);
      if (found) this.set(found.length);
    },
  });
  const orphans = new Gauge({
    name: 'comparator_orphans',
    help: 'Experiments of which something is left that the reaper could not destroy at its last look',
    registers: [registry],
    async collect() {
      this.remove();
      const found = await readOrphans(store).catch(() => undefined);
      if (found !== undefined) this.set(found?.orphans.length ?? 0);
    },
  });
  void [open, failing, orphans];
  return {
    observeRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status });
      durations.observe({ method, route }, seconds);
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}
