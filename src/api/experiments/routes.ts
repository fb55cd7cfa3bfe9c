import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { expectedOfExperiment } from '../../analysis/expected-time.ts';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import { outcomes, phases } from '../../contracts/documents/progress.ts';
import { experimentSchema } from '../../contracts/input/experiment.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { RouteContext } from '../context.ts';
import { eventStream } from '../http/event-stream.ts';
import { jsonBody } from '../http/json-body.ts';
import {
  cancelBody,
  components,
  idempotencyHeader,
  idParameter,
  json,
  jsonContent,
  problems,
  retryDestroyBody,
  submitQuery,
  text,
} from '../http/openapi.ts';
import { HttpProblem } from '../http/problems.ts';
import { query } from '../http/query.ts';
import { experimentLinks } from '../work/links.ts';
import { submit } from '../work/submit.ts';
import { type Journal, logText } from './log-text.ts';

const tags = ['Experiments'];
const path = '/api/experiments';

const listQuery = z.strictObject({
  cursor: z.string().optional().openapi({ description: '`nextCursor` of an earlier page' }),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  technology: z.string().optional(),
  target: z.string().optional(),
  phase: z.enum(phases).optional(),
  outcome: z.enum(outcomes).optional(),
  name: z.string().optional().openapi({ description: 'Part of the name, in any case' }),
  comparison: z.string().optional().openapi({ description: 'Id of a comparison' }),
});

const routes = {
  submit: createRoute({
    method: 'post',
    path,
    tags,
    summary: 'Start an experiment',
    middleware: [query(submitQuery), jsonBody(experimentSchema)] as const,
    request: {
      query: submitQuery,
      headers: idempotencyHeader,
      body: { required: true, content: jsonContent('Experiment') },
    },
    responses: {
      202: json(components.accepted, 'Accepted; it waits in the queue or runs'),
      200: json(components.dryRun, 'Only for a dry run: nothing was started'),
      ...problems(400, 409, 413, 415, 422),
    },
  }),
  list: createRoute({
    method: 'get',
    path,
    tags,
    summary: 'Past and running experiments, newest first',
    middleware: [query(listQuery)] as const,
    request: { query: listQuery },
    responses: { 200: json(components.experimentPage, 'A page'), ...problems(422) },
  }),
  detail: createRoute({
    method: 'get',
    path: `${path}/{id}`,
    tags,
    summary: 'One experiment',
    request: { params: idParameter },
    responses: { 200: json(components.experimentDetail, 'The experiment'), ...problems(404) },
  }),
  result: createRoute({
    method: 'get',
    path: `${path}/{id}/result`,
    tags,
    summary: 'Its result document',
    request: { params: idParameter },
    responses: { 200: json(components.result, 'The result'), ...problems(404) },
  }),
  timeseries: createRoute({
    method: 'get',
    path: `${path}/{id}/timeseries`,
    tags,
    summary: 'What was measured in each second',
    request: { params: idParameter },
    responses: { 200: text('application/x-ndjson', 'A JSON document a line'), ...problems(404) },
  }),
  log: createRoute({
    method: 'get',
    path: `${path}/{id}/log`,
    tags,
    summary: "Its phases and terraform's messages",
    request: { params: idParameter },
    responses: { 200: text('text/plain', 'A message a line'), ...problems(404) },
  }),
  events: createRoute({
    method: 'get',
    path: `${path}/{id}/events`,
    tags,
    summary: 'Server-Sent Events: `progress` about once a second, `closed` at the end',
    request: { params: idParameter },
    responses: {
      200: text('text/event-stream', 'Events, each with the experiment as data'),
      ...problems(404),
    },
  }),
  cancel: createRoute({
    method: 'post',
    path: `${path}/{id}/cancel`,
    tags,
    summary: 'Stop it, keep what was measured, destroy what it made',
    middleware: [jsonBody(cancelBody, { optional: true })] as const,
    request: { params: idParameter, body: { content: jsonContent('Cancel') } },
    responses: { 202: json(components.accepted, 'Asked for'), ...problems(400, 404, 409, 413, 415, 422) },
  }),
  retryDestroy: createRoute({
    method: 'post',
    path: `${path}/{id}/retry-destroy`,
    tags,
    summary: 'Try the destroy again now',
    middleware: [jsonBody(retryDestroyBody, { optional: true })] as const,
    request: { params: idParameter, body: { content: jsonContent('RetryDestroy') } },
    responses: { 202: json(components.accepted, 'Asked for'), ...problems(400, 404, 409, 413, 415, 422) },
  }),
};

/** Every call below `/api/experiments`. */
export function experimentRoutes(context: RouteContext) {
  const { gateway, store, experiments, ui, newId } = context;

  async function find(id: string): Promise<ExperimentDetail> {
    const detail = await experiments.detail(id);
    if (detail) return detail;
    throw new HttpProblem(404, `There is no experiment ${JSON.stringify(id.slice(0, 100))}.`);
  }

  const submitDependencies = {
    gateway,
    store,
    newId,
    isRecorded: (id: string) => experiments.isRecorded(id),
  };

  return new OpenAPIHono()
    .openapi(routes.submit, async (c) => {
      const spec = c.get('input');
      if (c.get('query').dryRun === 'true')
        return c.json({ spec, expected: expectedOfExperiment(spec) }, 200);
      const { name, technology, target } = spec;
      const { id, replayed } = await submit(submitDependencies, {
        request: {
          kind: 'experiment',
          input: { spec, comparisonId: null },
          name,
          attributes: { technology, target },
        },
        idempotencyKey: c.req.header('idempotency-key'),
        body: c.get('rawBody'),
      });
      const links = experimentLinks(id, {}, ui);
      c.header('Location', links.self);
      if (replayed) c.header('Idempotency-Replayed', 'true');
      return c.json({ id, links }, 202);
    })
    .openapi(routes.list, async (c) => c.json(await experiments.list(c.get('query')), 200))
    .openapi(routes.detail, async (c) => c.json(await find(c.req.param('id')), 200))
    .openapi(routes.result, async (c) => {
      const detail = await find(c.req.param('id'));
      const result = await experiments.resultOf(detail);
      if (!result) throw missing(detail, 'result');
      return c.json(result, 200);
    })
    .openapi(routes.timeseries, async (c) => {
      const detail = await find(c.req.param('id'));
      const series = await experiments.timeseriesOf(detail);
      if (series === null) throw missing(detail, 'series');
      return c.body(series, 200, { 'Content-Type': 'application/x-ndjson' });
    })
    .openapi(routes.log, async (c) => {
      const detail = await find(c.req.param('id'));
      const journals = await readJournals(context, detail);
      if (journals.length === 0 && detail.timeline.length < 2) {
        throw missing(detail, 'log');
      }
      return c.text(logText(detail, journals), 200);
    })
    .openapi(routes.events, async (c) => {
      const { id } = await find(c.req.param('id'));
      return eventStream(c, context.experimentEvents, id, context.shutdown);
    })
    .openapi(routes.cancel, async (c) => {
      const { id, phase, links } = await find(c.req.param('id'));
      const { reason = null } = c.get('input');
      if (phase === 'closed' || !(await gateway.cancel(id, reason))) {
        throw new HttpProblem(409, `Experiment ${id} is closed; there is nothing to cancel.`);
      }
      return c.json({ id, links }, 202);
    })
    .openapi(routes.retryDestroy, async (c) => {
      const { id, phase, links } = await find(c.req.param('id'));
      const { breakLock = null } = c.get('input');
      const answer =
        phase === 'closed'
          ? { accepted: false as const, reason: 'it is closed' }
          : await gateway.retryDestroy(id, breakLock);
      if (!answer.accepted) {
        throw new HttpProblem(409, `The destroy of ${id} is not tried again: ${answer.reason}.`);
      }
      return c.json({ id, links }, 202);
    });
}

function missing({ id, phase }: ExperimentDetail, what: string): HttpProblem {
  return new HttpProblem(404, `Experiment ${id} has no ${what}${phase === 'closed' ? '' : ' yet'}.`);
}

async function readJournals({ store }: RouteContext, { id, runId }: ExperimentDetail): Promise<Journal[]> {
  const prefix = s3Keys.journals(id, runId);
  const keys = (await store.list(prefix)).filter((key) => key.endsWith('.ndjson'));
  return Promise.all(
    keys.map(async (key) => ({
      // The name begins with the time at which it was begun.
      name: key.slice(prefix.length).replace(/^\d+T\d+Z-|\.ndjson$/g, ''),
      text: (await store.getText(key)) ?? '',
    })),
  );
}
