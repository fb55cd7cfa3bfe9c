import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { mostPickedExperiments } from '../../contracts/documents/report/most-columns.ts';
import type { RouteContext } from '../context.ts';
import { problems } from '../http/openapi.ts';
import { query } from '../http/query.ts';
import { answerReport, reportContent } from './answer.ts';
import { inputOfExperiments } from './input.ts';
import { reportOfExperiments } from './reports.ts';

const reportQuery = z.strictObject({
  experiment: z
    .preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.string()).min(1).max(mostPickedExperiments),
    )
    .openapi({ description: 'Id of a finished experiment; give it several times for several' }),
});

const route = createRoute({
  method: 'get',
  path: '/api/report',
  tags: ['Reports'],
  summary: 'What any finished experiments measured, side by side',
  description:
    'In the order given. As JSON, or as Markdown or one HTML file that opens offline, where the `Accept` header asks for it.',
  middleware: [query(reportQuery, { lists: ['experiment'] })] as const,
  request: { query: reportQuery },
  responses: {
    200: {
      description: 'The report',
      content: reportContent,
    },
    ...problems(404, 406, 409, 422),
  },
});

/** `GET /api/report?experiment=…&experiment=…`. */
export function reportRoutes(context: RouteContext) {
  return new OpenAPIHono().openapi(route, (c) =>
    answerReport(c, context, {
      build: () => reportOfExperiments(context, c.get('query').experiment),
      input: async () => {
        const found = c.get('query').experiment.map((id) => context.experiments.detail(id));
        return inputOfExperiments((await Promise.all(found)).filter((detail) => detail !== null));
      },
    }),
  );
}
