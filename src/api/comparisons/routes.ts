import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { cloudFaultsOfComparison } from '../../analysis/plan/cloud.ts';
import { clusterFaultsOfComparison } from '../../analysis/plan/clusters.ts';
import { dryRunOfComparison, roomFaultsOfComparison } from '../../analysis/plan/dry-run.ts';
import type { ComparisonDetail, ExperimentDetail } from '../../contracts/documents/api.ts';
import { comparisonSchema } from '../../contracts/input/comparison.ts';
import { submitterOf, WorkCalls } from '../common/work-calls.ts';
import { pageQueryShape, workRoutes } from '../common/work-routes.ts';
import type { RouteContext } from '../context.ts';
import { components, idParameter, problems } from '../http/openapi.ts';
import { invalidInput } from '../http/problems.ts';
import { answerReport, reportContent } from '../reports/answer.ts';
import { inputOfComparison } from '../reports/input.ts';
import { reportOfComparison } from '../reports/reports.ts';
import { comparisonExamples } from './examples.ts';

const path = '/api/comparisons';

const common = workRoutes({
  path,
  noun: 'comparison',
  start: 'Start a comparison',
  input: comparisonSchema,
  body: 'Comparison',
  examples: comparisonExamples,
  listQuery: z.strictObject(pageQueryShape),
  accepted: components.acceptedComparison,
  dryRun: components.comparisonDryRun,
  page: components.comparisonPage,
  detail: components.comparisonDetail,
  remove:
    'Its own record, and its history in Temporal; its experiments stay, with their results, unless `experiments` is true. Refused while it is open, or while something of an experiment that would go with it may be alive.',
  removeQuery: z.strictObject({
    experiments: z
      .enum(['true', 'false'])
      .default('false')
      .openapi({ description: 'Whether its experiments go with it' }),
  }),
  cancel: {
    summary: 'Cancel it and its running experiment',
    description:
      'The experiment that runs keeps what it measured, and those that wait are not begun. Can be asked for again and again until it is closed. No body is needed.',
  },
});

const reportRoute = createRoute({
  method: 'get',
  path: `${path}/{id}/report`,
  tags: ['Comparisons'],
  summary: 'What its variants measured, side by side',
  description:
    'As JSON, or as Markdown or one HTML file that opens offline, where the `Accept` header asks for it.',
  request: { params: idParameter },
  responses: {
    200: {
      description: 'The report; of a comparison that still runs, what there is so far',
      content: reportContent,
    },
    ...problems(404, 406),
  },
});

/** Every call below `/api/comparisons`. */
export function comparisonRoutes(context: RouteContext) {
  const { comparisons } = context;
  const calls = new WorkCalls(comparisons, { ...context, events: context.comparisonEvents });
  return new OpenAPIHono()
    .openapi(common.submit, async (c) => {
      const spec = c.get('input');
      const placeFaults = [
        ...clusterFaultsOfComparison(spec, context.clusters()),
        ...cloudFaultsOfComparison(spec, context.cloud, context.prices),
      ];
      if (c.get('query').dryRun === 'true') {
        if (placeFaults.length > 0) throw invalidInput(placeFaults);
        return c.json(
          dryRunOfComparison(spec, { room: context.room(), prices: context.prices, cloud: context.cloud }),
          200,
        );
      }
      const request = { input: { spec, ...submitterOf(c) }, name: spec.name, attributes: null };
      const obstacles = () => [...placeFaults, ...roomFaultsOfComparison(spec, context.room())];
      return c.json(await calls.start(c, request, c.get('rawBody'), obstacles), 202);
    })
    .openapi(common.list, async (c) => c.json(await comparisons.list(c.get('query')), 200))
    .openapi(common.detail, async (c) => c.json(await calls.find(c.req.param('id')), 200))
    .openapi(common.remove, async (c) => {
      const comparison = await calls.findClosed(c.req.param('id'));
      if (c.get('query').experiments === 'true') await removeVariants(context, comparison);
      await comparisons.remove(comparison);
      return c.body(null, 204);
    })
    .openapi(common.events, (c) => calls.events(c, c.req.param('id')))
    .openapi(common.cancel, async (c) =>
      c.json(await calls.cancel(c, c.req.param('id'), c.get('input').reason ?? null), 202),
    )
    .openapi(reportRoute, (c) =>
      answerReport(c, context, {
        build: async () => reportOfComparison(context, await calls.find(c.req.param('id'))),
        input: async () => inputOfComparison(await calls.find(c.req.param('id'))),
      }),
    );
}

/** All are looked at before the first goes; those that are gone already are none. */
async function removeVariants(
  { experiments }: RouteContext,
  { id, variants }: ComparisonDetail,
): Promise<void> {
  const found = await Promise.all(variants.map(({ experimentId }) => experiments.detail(experimentId)));
  const own = found.filter((detail) => detail !== null && detail.comparisonId === id) as ExperimentDetail[];
  for (const detail of own) await experiments.demandDead(detail);
  for (const detail of own) await experiments.remove(detail);
}
