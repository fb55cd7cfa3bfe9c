import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { queueSchema } from '../../contracts/documents/progress.ts';
import { type TechnologyId, technologyCard, technologyIds } from '../../technologies/registry.ts';
import type { RouteContext } from '../context.ts';
import { components, json, problems } from '../http/openapi.ts';
import { technologyAnswer } from './technology-answer.ts';

const routes = {
  technologies: createRoute({
    method: 'get',
    path: '/api/technologies',
    tags: ['Technologies'],
    summary: 'What can be compared, with JSON Schemas of the settings',
    responses: { 200: json(components.technologies, 'The technologies'), ...problems() },
  }),
  queue: createRoute({
    method: 'get',
    path: '/api/queue',
    tags: ['Queue'],
    summary: 'Which experiments hold and await a slot, by target',
    responses: { 200: json(components.queues, 'The queues'), ...problems() },
  }),
};

/** What there is to choose from, and to wait for. */
export function catalogueRoutes({ gateway }: RouteContext) {
  return new OpenAPIHono()
    .openapi(routes.technologies, (c) =>
      c.json({ items: technologyIds.map((id) => technologyAnswer(technologyCard(id))) }, 200),
    )
    .openapi(routes.queue, async (c) => {
      const answers = targets().map(async (target) => {
        const answer = queueSchema.safeParse(await gateway.queue(target));
        // A queue starts with its first experiment; until then it is empty.
        return answer.data ?? { target, capacity: 1, running: [], waiting: [] };
      });
      return c.json({ targets: await Promise.all(answers) }, 200);
    });
}

function targets(): string[] {
  const all = technologyIds.flatMap((id: TechnologyId) => Object.keys(technologyCard(id).targets));
  return [...new Set(all)];
}
