import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { ApiIndex } from '../../contracts/documents/api.ts';
import {
  experimentProgressSchema,
  type QueueState,
  queueSchema,
} from '../../contracts/documents/progress.ts';
import { queueTarget } from '../../contracts/temporal/names.ts';
import { technologyCard, technologyIds } from '../../technologies/registry.ts';
import type { TemporalUi } from '../common/links.ts';
import type { RouteContext } from '../context.ts';
import { components, json, problems } from '../http/openapi.ts';
import { technologyAnswer } from './technology-answer.ts';

const routes = {
  index: createRoute({
    method: 'get',
    path: '/api',
    tags: ['Service'],
    summary: 'Where everything else is',
    description: 'Links, relative to the address of the API; that to the Temporal Web UI is whole.',
    responses: { 200: json(components.index, 'Links'), ...problems() },
  }),
  technologies: createRoute({
    method: 'get',
    path: '/api/technologies',
    tags: ['Technologies'],
    summary: 'What can be compared, with JSON Schemas of the settings',
    description:
      'For each technology also the targets that it runs on, its published limit where there is one, and the prices by which costs are told.',
    responses: { 200: json(components.technologies, 'The technologies'), ...problems() },
  }),
  queue: createRoute({
    method: 'get',
    path: '/api/queue',
    tags: ['Queue'],
    summary: 'Which experiments hold and await a slot, by target',
    description:
      'One experiment measures at a time on a target, so that none disturbs another; the others wait in turn.',
    responses: { 200: json(components.queues, 'The queues'), ...problems() },
  }),
};

/** What there is to choose from, and to wait for. */
export function catalogueRoutes({ gateway, ui, prices, cloud }: RouteContext) {
  return new OpenAPIHono()
    .openapi(routes.index, (c) => c.json(apiIndex(ui), 200))
    .openapi(routes.technologies, (c) =>
      c.json({ items: technologyIds.map((id) => technologyAnswer(technologyCard(id), prices[id])) }, 200),
    )
    .openapi(routes.queue, async (c) => {
      const answers = targets(cloud).map(async (target) => {
        const answer = queueSchema.safeParse(await gateway.queue(target));
        // A queue starts with its first experiment; until then it is empty.
        const queue = answer.data ?? { target, capacity: 1, running: [], waiting: [] };
        const running = await Promise.all(queue.running.map((one) => withKeeping(one, gateway)));
        return { ...queue, running };
      });
      return c.json({ targets: await Promise.all(answers) }, 200);
    });
}

/** With until when it is kept, where that is what its slot is for now: others wait for it then, though nothing is measured. */
async function withKeeping(
  holder: QueueState['running'][number],
  gateway: RouteContext['gateway'],
): Promise<QueueState['running'][number]> {
  const { experimentId } = holder;
  if ((await gateway.describe(experimentId))?.phase !== 'kept') return holder;
  const { keptUntil } = experimentProgressSchema.safeParse(await gateway.progress(experimentId)).data ?? {};
  return keptUntil ? { ...holder, keptUntil } : holder;
}

/** Where everything of the API is. */
export function apiIndex({ url }: TemporalUi): ApiIndex {
  return { links: { ...indexLinks, temporal: url } };
}

const indexLinks = {
  experiments: '/api/experiments',
  comparisons: '/api/comparisons',
  technologies: '/api/technologies',
  queue: '/api/queue',
  waiting: '/api/waiting',
  orphans: '/api/orphans',
  documentation: '/docs',
  openapi: '/openapi.json',
};

/** Those whose queues are others' too stand for them; none where nothing can run. */
function targets({ problem }: RouteContext['cloud']): string[] {
  const all = technologyIds.flatMap((id) => Object.keys(technologyCard(id).targets));
  return [...new Set(all.map(queueTarget))].filter((target) => target !== 'aws' || problem === null);
}
