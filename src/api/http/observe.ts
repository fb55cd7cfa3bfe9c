import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { ApiMetrics } from '../service/metrics.ts';
import type { Logger } from './logger.ts';

/** Counts and logs every request by its route, not its path, so that ids do not multiply series. */
export function observe(metrics: ApiMetrics, log: Logger): MiddlewareHandler {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const seconds = (performance.now() - startedAt) / 1_000;
    const matched = routePath(c, -1);
    // Where no route took it, only those who see every request match.
    const route = matched.includes('*') ? 'unknown' : matched;
    metrics.observeRequest({ method: c.req.method, route, status: c.res.status, seconds });
    const quiet = /^\/(healthz|readyz|metrics)$/.test(c.req.path) && c.res.status < 400;
    if (!quiet) {
      log.info(
        {
          method: c.req.method,
          path: c.req.path,
          status: c.res.status,
          ms: Math.round(seconds * 1_000),
          ...(c.get('caller') && { who: c.get('caller')?.name }),
        },
        'request',
      );
    }
  };
}
