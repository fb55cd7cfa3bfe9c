import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { isLoopbackHost } from '../../machine/loopback-door.ts';
import { isOfPage } from '../page/routes.ts';
import { HttpProblem } from './problems.ts';

/** Paths that a load balancer, or a person without a key, may see. */
const publicPaths = /^\/(healthz|readyz|openapi\.json|docs(\/.*)?)$/;

/**
 * Who may call. With keys: whoever brings one as a bearer token. Without: this machine's own programs and pages, which
 * a web page elsewhere must not be able to use through the person's browser, so `Host` and `Origin` are checked.
 */
export function access(keys: readonly string[]): MiddlewareHandler {
  const digests = keys.map(digest);
  return async (c, next) => {
    if (digests.length === 0) checkLoopback(c);
    else if (!publicPaths.test(c.req.path) && !isOfPage.test(c.req.path)) checkKey(c, digests);
    await next();
  };
}

function checkKey(c: Context, digests: readonly Buffer[]): void {
  const token = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const given = digest(token ?? '');
  // All are compared, so that time tells nothing of which one nearly matched.
  const matches = digests.filter((key) => timingSafeEqual(key, given));
  if (token !== undefined && matches.length > 0) return;
  throw new HttpProblem(401, 'An API key is needed: send it as "Authorization: Bearer <key>".', {
    headers: { 'WWW-Authenticate': 'Bearer realm="comparator"' },
  });
}

/** Digests have one length, which a constant-time comparison needs. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function checkLoopback(c: Context): void {
  const url = new URL(c.req.url);
  const host = c.req.header('host') ?? url.host;
  if (!isLoopbackHost(host)) {
    throw new HttpProblem(
      403,
      'The Host header must name this machine, as 127.0.0.1 or localhost do. To serve other names, set COMPARATOR_API_KEYS.',
    );
  }
  const origin = c.req.header('origin');
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new HttpProblem(403, 'Requests from pages of another origin are refused.');
  }
}
