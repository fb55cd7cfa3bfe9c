import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { RouteContext } from '../context.ts';
import { registerWorkMetrics } from './work-metrics.ts';

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
 * Metrics of one app: of its requests, and of the work that there is.
 * @param processMetrics also what the process uses: memory, CPU, event loop
 */
export function createMetrics(
  context: Pick<RouteContext, 'experiments' | 'openWaits' | 'store' | 'gateway' | 'now'>,
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
  registerWorkMetrics(registry, context);
  return {
    observeRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status });
      durations.observe({ method, route }, seconds);
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}
