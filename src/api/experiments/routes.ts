import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { cloudFaultsOfExperiment } from '../../analysis/plan/cloud.ts';
import { clusterFaultsOfExperiment } from '../../analysis/plan/clusters.ts';
import { dryRunOfExperiment, roomFaultsOfExperiment } from '../../analysis/plan/dry-run.ts';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import { phases } from '../../contracts/documents/phases.ts';
import { keptSchema } from '../../contracts/documents/progress.ts';
import { acceptedExperimentSchema, experimentSchema } from '../../contracts/input/experiment.ts';
import { submitterOf, WorkCalls } from '../common/work-calls.ts';
import { pageQueryShape, workRoutes } from '../common/work-routes.ts';
import type { RouteContext } from '../context.ts';
import { jsonBody } from '../http/json-body.ts';
import {
  components,
  extendBody,
  idParameter,
  json,
  jsonContent,
  problems,
  retryDestroyBody,
  text,
} from '../http/openapi.ts';
import { HttpProblem, invalidInput } from '../http/problems.ts';
import { logOf, resultOf, timeseriesOf } from './documents.ts';
import { experimentExamples } from './examples.ts';

const tags = ['Experiments'];
const path = '/api/experiments';

const listQuery = z.strictObject({
  ...pageQueryShape,
  technology: acceptedExperimentSchema.shape.technology.optional(),
  target: acceptedExperimentSchema.shape.target.unwrap().optional(),
  phase: z.enum(phases).optional(),
  comparison: z.string().optional().openapi({ description: 'Id of a comparison' }),
});

const common = workRoutes({
  path,
  noun: 'experiment',
  start: 'Start an experiment',
  input: experimentSchema,
  body: 'Experiment',
  examples: experimentExamples,
  listQuery,
  accepted: components.accepted,
  dryRun: components.dryRun,
  page: components.experimentPage,
  detail: components.experimentDetail,
  remove:
    'Its record, results, series, ledgers and logs, and its history in Temporal. Refused while it is open, while something of it may be alive, and while its comparison is open.',
  removeQuery: z.strictObject({}),
  cancel: {
    summary: 'Stop it, keep what was measured, destroy what it made',
    description: 'Can be asked for again and again until it is closed. No body is needed.',
  },
});

const own = {
  result: createRoute({
    method: 'get',
    path: `${path}/{id}/result`,
    tags,
    summary: 'Its result document',
    description:
      'What its latest run measured and how its requirements fared; can be had before the destroy has ended.',
    request: { params: idParameter },
    responses: { 200: json(components.result, 'The result'), ...problems(404, 409) },
  }),
  timeseries: createRoute({
    method: 'get',
    path: `${path}/{id}/timeseries`,
    tags,
    summary: 'What was measured in each second',
    description: 'Rates and latencies of its latest run, a second a line, for plots.',
    request: { params: idParameter },
    responses: { 200: text('application/x-ndjson', 'A JSON document a line'), ...problems(404) },
  }),
  log: createRoute({
    method: 'get',
    path: `${path}/{id}/log`,
    tags,
    summary: "Its phases and terraform's messages",
    description:
      'In the order of time, as text; where it failed or waits for a person, the reason comes last.',
    request: { params: idParameter },
    responses: { 200: text('text/plain', 'A message a line'), ...problems(404) },
  }),
  extend: createRoute({
    method: 'post',
    path: `${path}/{id}/extend`,
    tags,
    summary: 'Keep what was measured for longer',
    description:
      'For one with `keepMinutes` whose phase is `kept`: `keptUntil` in its document says until when. In all it is kept for 1,440 minutes at most, and on aws no longer than `budget.maxMinutes` allows. A cancel ends it at once.',
    middleware: [jsonBody(extendBody)] as const,
    request: {
      params: idParameter,
      body: {
        required: true,
        content: jsonContent('Extend', {
          half: { summary: 'Half an hour more', value: { minutes: 30 } },
          day: { summary: 'Until tomorrow', value: { minutes: 720 } },
        }),
      },
    },
    responses: {
      202: json(components.extended, 'Until when it is kept now'),
      ...problems(404, 409, 413, 415, 422),
    },
  }),
  retryDestroy: createRoute({
    method: 'post',
    path: `${path}/{id}/retry-destroy`,
    tags,
    summary: 'Try the destroy again now',
    description:
      'For one that waits for a person because its infrastructure could not be destroyed; `operator` in its document says why. No body is needed, except to confirm that a lock may be broken.',
    middleware: [jsonBody(retryDestroyBody, { optional: true })] as const,
    request: {
      params: idParameter,
      body: {
        content: jsonContent('RetryDestroy', {
          again: { summary: 'Once more', value: {} },
          breakLock: {
            summary: 'Confirm that the holder of the state lock is dead',
            value: { breakLock: '4ae45d3b-8a6c-4f0c-9f0e-6a3f1d0c2b7e' },
          },
        }),
      },
    },
    responses: { 202: json(components.accepted, 'Asked for'), ...problems(404, 409, 413, 415, 422) },
  }),
};

/** Every call below `/api/experiments`. */
export function experimentRoutes(context: RouteContext) {
  const { experiments } = context;
  const calls = new WorkCalls(experiments, { ...context, events: context.experimentEvents });
  return new OpenAPIHono()
    .openapi(common.submit, async (c) => {
      const spec = c.get('input');
      const placeFaults = [
        ...clusterFaultsOfExperiment(spec, context.clusters()),
        ...cloudFaultsOfExperiment(spec, context.cloud, context.prices),
      ];
      if (c.get('query').dryRun === 'true') {
        if (placeFaults.length > 0) throw invalidInput(placeFaults);
        return c.json(
          dryRunOfExperiment(spec, { room: context.room(), prices: context.prices, cloud: context.cloud }),
          200,
        );
      }
      const { name, technology, target } = spec;
      const input = { spec, comparisonId: null, ...submitterOf(c) };
      const request = { input, name, attributes: { technology, target } };
      const obstacles = () => [...placeFaults, ...roomFaultsOfExperiment(spec, context.room())];
      return c.json(await calls.start(c, request, c.get('rawBody'), obstacles), 202);
    })
    .openapi(common.list, async (c) => c.json(await experiments.list(c.get('query')), 200))
    .openapi(common.detail, async (c) => c.json(await calls.find(c.req.param('id')), 200))
    .openapi(common.remove, async (c) => {
      await calls.remove(c.req.param('id'));
      return c.body(null, 204);
    })
    .openapi(common.events, (c) => calls.events(c, c.req.param('id')))
    .openapi(common.cancel, async (c) =>
      c.json(await calls.cancel(c, c.req.param('id'), c.get('input').reason ?? null), 202),
    )
    .openapi(own.result, async (c) =>
      c.json(await resultOf(context, await calls.find(c.req.param('id'))), 200),
    )
    .openapi(own.timeseries, async (c) => {
      const series = await timeseriesOf(context, await calls.find(c.req.param('id')));
      return c.body(series, 200, { 'Content-Type': 'application/x-ndjson' });
    })
    .openapi(own.log, async (c) => c.text(await logOf(context, await calls.find(c.req.param('id'))), 200))
    .openapi(own.extend, async (c) => {
      const detail = await calls.find(c.req.param('id'));
      const { keptUntil } = await extend(context, detail, c.get('input').minutes);
      return c.json({ id: detail.id, links: detail.links, keptUntil }, 202);
    })
    .openapi(own.retryDestroy, async (c) => {
      const detail = await calls.find(c.req.param('id'));
      await retryDestroy(context, detail, c.get('input').breakLock ?? null);
      return c.json({ id: detail.id, links: detail.links }, 202);
    });
}

/** @throws HttpProblem 409 where it is not kept, or has been for as long as it may be */
async function extend(
  { gateway, experiments }: RouteContext,
  detail: ExperimentDetail,
  minutes: number,
): Promise<z.infer<typeof keptSchema>> {
  const answer = experiments.isClosed(detail)
    ? { accepted: false as const, reason: 'it is closed' }
    : await gateway.extend(detail.id, minutes);
  if (answer.accepted) return keptSchema.parse(answer.value);
  throw new HttpProblem(409, `${detail.id} is not kept for longer: ${answer.reason}.`);
}

/** @throws HttpProblem 409 where nothing waits for it */
async function retryDestroy(
  { gateway, experiments }: RouteContext,
  detail: ExperimentDetail,
  breakLock: string | null,
): Promise<void> {
  const answer = experiments.isClosed(detail)
    ? { accepted: false as const, reason: 'it is closed' }
    : await gateway.retryDestroy(detail.id, breakLock);
  if (answer.accepted) return;
  throw new HttpProblem(409, `The destroy of ${detail.id} is not tried again: ${answer.reason}.`);
}
