import { type Role, roles } from '../../contracts/input/keys/key-file.ts';

/**
 * What each call needs, as the OpenAPI document names it. The service does not start with a route that is not here, so
 * that none is open, or closed, because somebody forgot it.
 */
const needed: Record<string, Role | 'nobody'> = {
  'GET /healthz': 'nobody',
  'GET /readyz': 'nobody',
  'GET /api': 'read',
  'GET /api/comparisons': 'read',
  'GET /api/comparisons/{id}': 'read',
  'GET /api/comparisons/{id}/events': 'read',
  'GET /api/comparisons/{id}/report': 'read',
  'GET /api/experiments': 'read',
  'GET /api/experiments/{id}': 'read',
  'GET /api/experiments/{id}/events': 'read',
  'GET /api/experiments/{id}/histograms/{file}': 'read',
  'GET /api/experiments/{id}/log': 'read',
  'GET /api/experiments/{id}/result': 'read',
  'GET /api/experiments/{id}/timeseries': 'read',
  'GET /api/orphans': 'read',
  'GET /api/queue': 'read',
  'GET /api/report': 'read',
  'GET /api/technologies': 'read',
  'GET /api/waiting': 'read',
  'GET /metrics': 'read',
  'POST /api/comparisons': 'run',
  'POST /api/comparisons/{id}/cancel': 'run',
  'POST /api/experiments': 'run',
  'POST /api/experiments/{id}/cancel': 'run',
  'POST /api/experiments/{id}/extend': 'run',
  'DELETE /api/comparisons/{id}': 'operate',
  'DELETE /api/experiments/{id}': 'operate',
  'POST /api/experiments/{id}/retry-destroy': 'operate',
  'POST /api/reap': 'operate',
};

/** A call by the names of the OpenAPI document. @param route as Hono has it: `/api/experiments/:id` */
export function callOf(method: string, route: string): string {
  return `${method === 'HEAD' ? 'GET' : method} ${route.replaceAll(/:(\w+)/g, '{$1}')}`;
}

/** The role that a call needs; `nobody` where no key is asked for; null where there is no such call. */
export function neededRole(call: string): Role | 'nobody' | null {
  return needed[call] ?? null;
}

export function mayDo(own: Role, wanted: Role): boolean {
  return roles.indexOf(own) >= roles.indexOf(wanted);
}

/** @throws Error where a call has no role, or a role is for a call that there is not */
export function demandRoles(calls: readonly string[]): void {
  const without = calls.filter((call) => !(call in needed));
  const gone = Object.keys(needed).filter((call) => !calls.includes(call));
  if (without.length + gone.length === 0) return;
  throw new Error(
    `src/api/access/roles.ts needs a role for ${without.join(', ') || 'no other call'}, and none for ${gone.join(', ') || 'what there is not'}`,
  );
}
