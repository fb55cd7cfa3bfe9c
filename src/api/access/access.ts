import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { isLoopbackHost, isOfForeignPage } from '../../machine/loopback-door.ts';
import { HttpProblem } from '../http/problems.ts';
import { isOfPage } from '../page/routes.ts';
import type { Caller, Keyring } from './keyring.ts';
import { callOf, mayDo, neededRole } from './roles.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** Who calls; null where the service asks for no key, and unset where none was asked for or none fits. */
    caller: Caller | null;
  }
}

/** Paths that a load balancer, or a person without a key, may see. */
const publicPaths = /^\/(healthz|readyz|openapi\.json|docs(\/.*)?)$/;

/**
 * Who may call, and what. With keys: whoever brings one as a bearer token, and what its role lets it do. Without: this
 * machine's own programs and pages, which a web page elsewhere must not be able to use through the person's browser, so
 * `Host` and `Origin` are checked.
 */
export function access(keyring: Keyring): MiddlewareHandler {
  return async (c, next) => {
    if (!keyring.isAsked) {
      checkLoopback(c);
      c.set('caller', null);
    } else if (!publicPaths.test(c.req.path) && !isOfPage.test(c.req.path)) {
      const caller = callerOf(c, keyring);
      c.set('caller', caller);
      checkRole(c, caller);
    }
    await next();
  };
}

/** The call that a request is, by the names of the OpenAPI document. */
export function calledBy(c: Context): string {
  return callOf(c.req.method, routePath(c, -1));
}

function callerOf(c: Context, keyring: Keyring): Caller {
  const token = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const caller = keyring.find(token ?? '');
  if (token !== undefined && caller !== null) return caller;
  throw new HttpProblem(401, 'An API key is needed: send it as "Authorization: Bearer <key>".', {
    headers: { 'WWW-Authenticate': 'Bearer realm="comparator"' },
  });
}

function checkRole(c: Context, { name, role }: Caller): void {
  const wanted = neededRole(calledBy(c));
  // Where there is no such call, any key is told so.
  if (wanted === null || wanted === 'nobody' || mayDo(role, wanted)) return;
  throw new HttpProblem(
    403,
    `The key ${name} has the role ${role}, and this needs ${wanted}: use another key, or ask whoever runs the service for the role.`,
  );
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
  const isForeign = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
  if (isForeign || isOfForeignPage(c.req.header(), c.req.method)) {
    throw new HttpProblem(403, 'Requests from pages of another origin are refused.');
  }
}
