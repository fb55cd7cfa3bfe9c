import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { reportMarkdown } from '../../analysis/report-markdown.ts';
import type { RouteContext } from '../context.ts';
import { query } from '../http/query.ts';
import { negotiate } from '../http/negotiate.ts';
import { components, problems } from '../http/openapi.ts';
import { reportOfExperiments } from './reports.ts';

const reportQuery = z.strictObject({
  experiment: z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string()).min(1).max(50))
    .openapi({ description: 'Id of a finished experiment; give it several times for several' }),
});

const route = createRoute({
  method: 'get',
  path: '/api/report',
  tags: ['Reports'],
  summary: 'What any finished experiments measured, side by side',
  middleware: [query(reportQuery, { lists: ['experiment'] })] as const,
  request: { query: reportQuery },
  responses: {
    200: {
      description: 'The report',
      content: {
        'application/json': { schema: components.report },
        'text/markdown': { schema: z.string() },
      },
    },
    ...problems(404, 406, 409, 422),
  },
});

/** `GET /api/report?experiment=…&experiment=…`. */
export function reportRoutes(context: RouteContext) {
  return new OpenAPIHono().openapi(route, async (c) => {
    const type = negotiate(c.req.header('accept'), ['application/json', 'text/markdown']);
    const report = await reportOfExperiments(context, c.get('query').experiment);
    return type === 'text/markdown'
      ? c.body(reportMarkdown(report), 200, { 'Content-Type': 'text/markdown; charset=utf-8' })
      : c.json(report, 200);
  });
}
