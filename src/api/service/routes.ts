import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { OpenWait, Readiness } from '../../contracts/documents/api.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import { reaperReportSchema } from '../../contracts/temporal/infrastructure-activities.ts';
import type { RouteContext } from '../context.ts';
import { components, json, problems, text } from '../http/openapi.ts';
import { HttpProblem, problemType } from '../http/problems.ts';
import { query } from '../http/query.ts';
import { orphansAnswer } from '../sources/orphans.ts';
import type { ApiMetrics } from './metrics.ts';
import { failingInWords, type OpenWaits } from './open-waits.ts';

/** Longest wait for a server before it counts as away. */
const checkTimeoutMs = 2_000;

const reapQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).default('false').openapi({ description: 'Only says what there is' }),
});

const tags = ['Service'];
const routes = {
  healthz: createRoute({
    method: 'get',
    path: '/healthz',
    tags,
    summary: 'Whether this process lives',
    description: 'Asks no other server. No key is needed.',
    security: [],
    responses: { 200: json(z.object({ status: z.literal('ok') }), 'It does'), ...problems() },
  }),
  readyz: createRoute({
    method: 'get',
    path: '/readyz',
    tags,
    summary: 'Whether the servers behind it answer',
    description:
      'Temporal and S3, each with what is wrong with it; and whether the code of open workflows fails, which is `degraded` and no reason to send requests elsewhere. No key is needed.',
    security: [],
    responses: {
      200: json(components.readiness, 'They do; degraded where the code of workflows fails'),
      503: {
        description: 'Some do not, and which',
        content: { [problemType]: { schema: components.unreadiness } },
      },
      ...problems(),
    },
  }),
  waiting: createRoute({
    method: 'get',
    path: '/api/waiting',
    tags,
    summary: 'Open workflows that wait, each with why and since when',
    description:
      'Such as have a step that fails and is tried again, or that no worker takes up, or that wait for a person; those that only wait for their turn are in the queue. A look at 100 of them at most, kept for 10 seconds.',
    responses: { 200: json(components.openWaits, 'Those that wait'), ...problems() },
  }),
  metrics: createRoute({
    method: 'get',
    path: '/metrics',
    tags,
    summary: 'Metrics for Prometheus',
    description:
      'Requests by route, experiments by phase and outcome, the queue, what waits for a person or is past its time, rates of loads, and what the process uses.',
    responses: { 200: text('text/plain', 'Metrics'), ...problems() },
  }),
  orphans: createRoute({
    method: 'get',
    path: '/api/orphans',
    tags,
    summary: 'What is left of experiments and could not be destroyed',
    description:
      'By the last look of the reaper, which tries again every few minutes: of which experiment, what, why, since when, and when it is tried next.',
    responses: { 200: json(components.orphans, 'What is left, and when was looked'), ...problems() },
  }),
  reap: createRoute({
    method: 'post',
    path: '/api/reap',
    tags,
    summary: 'Destroy what is left of experiments whose workflow no longer runs',
    description:
      'Answers once that is done, which can take minutes. It also happens by itself every few minutes.',
    middleware: [query(reapQuery)] as const,
    request: { query: reapQuery },
    responses: {
      200: json(components.reaperReport, 'What was found, and what became of it'),
      ...problems(422),
    },
  }),
};

/** Calls for whoever keeps the service running. */
export function serviceRoutes({ gateway, store, openWaits, newId }: RouteContext, metrics: ApiMetrics) {
  return new OpenAPIHono()
    .openapi(routes.healthz, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(routes.readyz, async (c) => {
      const [temporal, storage] = await Promise.all([
        check('Temporal', gateway.check()),
        check('S3', store.getTagged(s3Keys.installation)),
      ]);
      const away = [temporal, storage].filter((check) => check !== 'ok');
      const { degraded, words } =
        temporal === 'ok' ? await failingNow(openWaits) : { degraded: false, words: 'not known' };
      const checks = { temporal, storage, workflows: words };
      if (away.length > 0) {
        // Answered and not thrown: who asks every few seconds would fill the log.
        const problem = new HttpProblem(503, `${away.join('. ')}.`).toDocument();
        return c.json({ ...problem, checks }, 503, { 'Content-Type': problemType });
      }
      const answer: Readiness = { status: degraded ? 'degraded' : 'ready', checks };
      return c.json(answer, 200);
    })
    .openapi(routes.waiting, async (c) => c.json({ items: await openWaits.items() }, 200))
    .openapi(routes.orphans, async (c) => c.json(await orphansAnswer({ store, gateway }), 200))
    .openapi(routes.reap, async (c) => {
      const dryRun = c.get('query').dryRun === 'true';
      return c.json(reaperReportSchema.parse(await gateway.reap(newId(), dryRun)), 200);
    })
    .openapi(routes.metrics, async (c) =>
      c.body(await metrics.render(), 200, { 'Content-Type': metrics.contentType }),
    );
}

/** What fails in a sentence, `ok`, or that it is not known; a look that takes long makes nobody wait. */
async function failingNow(openWaits: OpenWaits): Promise<{ degraded: boolean; words: string }> {
  let found: OpenWait[] | null = null;
  const look = async () => {
    found = await openWaits.failing();
  };
  const checked = await check('Temporal', look());
  const failing = found ?? [];
  return {
    degraded: failing.length > 0,
    words: checked === 'ok' ? failingInWords(failing) : `not known: ${checked}`,
  };
}

async function check(name: string, probe: Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name} has not answered for ${checkTimeoutMs} ms`)),
      checkTimeoutMs,
    );
  });
  try {
    await Promise.race([probe, timeout]);
    return 'ok';
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearTimeout(timer);
  }
}
