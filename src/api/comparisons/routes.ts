import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { expectedOfComparison } from '../../analysis/expected-time.ts';
import { reportMarkdown } from '../../analysis/report-markdown.ts';
import type { ComparisonDetail } from '../../contracts/documents/api.ts';
import { comparisonSchema } from '../../contracts/input/comparison.ts';
import type { RouteContext } from '../context.ts';
import { eventStream } from '../http/event-stream.ts';
import { jsonBody } from '../http/json-body.ts';
import { negotiate } from '../http/negotiate.ts';
import {
  cancelBody,
  components,
  idempotencyHeader,
  idParameter,
  json,
  jsonContent,
  problems,
  submitQuery,
  text,
} from '../http/openapi.ts';
import { HttpProblem } from '../http/problems.ts';
import { query } from '../http/query.ts';
import { reportOfComparison } from '../reports/reports.ts';
import { comparisonLinks } from '../work/links.ts';
import { submit } from '../work/submit.ts';

const tags = ['Comparisons'];
const path = '/api/comparisons';

const listQuery = z.strictObject({
  cursor: z.string().optional().openapi({ description: '`nextCursor` of an earlier page' }),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

const routes = {
  submit: createRoute({
    method: 'post',
    path,
    tags,
    summary: 'Start a comparison',
    middleware: [query(submitQuery), jsonBody(comparisonSchema)] as const,
    request: {
      query: submitQuery,
      headers: idempotencyHeader,
      body: { required: true, content: jsonContent('Comparison') },
    },
    responses: {
      202: json(components.acceptedComparison, 'Accepted'),
      200: json(components.comparisonDryRun, 'Only for a dry run: nothing was started'),
      ...problems(400, 409, 413, 415, 422),
    },
  }),
  list: createRoute({
    method: 'get',
    path,
    tags,
    summary: 'Past and running comparisons, newest first',
    middleware: [query(listQuery)] as const,
    request: { query: listQuery },
    responses: { 200: json(components.comparisonPage, 'A page'), ...problems(422) },
  }),
  detail: createRoute({
    method: 'get',
    path: `${path}/{id}`,
    tags,
    summary: 'One comparison',
    request: { params: idParameter },
    responses: { 200: json(components.comparisonDetail, 'The comparison'), ...problems(404) },
  }),
  events: createRoute({
    method: 'get',
    path: `${path}/{id}/events`,
    tags,
    summary: 'Server-Sent Events: `progress` about once a second, `closed` at the end',
    request: { params: idParameter },
    responses: {
      200: text('text/event-stream', 'Events, each with the comparison as data'),
      ...problems(404),
    },
  }),
  cancel: createRoute({
    method: 'post',
    path: `${path}/{id}/cancel`,
    tags,
    summary: 'Cancel it and its running experiment',
    middleware: [jsonBody(cancelBody, { optional: true })] as const,
    request: { params: idParameter, body: { content: jsonContent('Cancel') } },
    responses: {
      202: json(components.acceptedComparison, 'Asked for'),
      ...problems(400, 404, 409, 413, 415, 422),
    },
  }),
  report: createRoute({
    method: 'get',
    path: `${path}/{id}/report`,
    tags,
    summary: 'What its variants measured, side by side',
    request: { params: idParameter },
    responses: {
      200: {
        description: 'The report; of a comparison that still runs, what there is so far',
        content: {
          'application/json': { schema: components.report },
          'text/markdown': { schema: z.string() },
        },
      },
      ...problems(404, 406),
    },
  }),
};

/** Every call below `/api/comparisons`. */
export function comparisonRoutes(context: RouteContext) {
  const { gateway, store, comparisons, ui, newId } = context;

  async function find(id: string): Promise<ComparisonDetail> {
    const detail = await comparisons.detail(id);
    if (detail) return detail;
    throw new HttpProblem(404, `There is no comparison ${JSON.stringify(id.slice(0, 100))}.`);
  }

  const submitDependencies = {
    gateway,
    store,
    newId,
    isRecorded: (id: string) => comparisons.isRecorded(id),
  };

  return new OpenAPIHono()
    .openapi(routes.submit, async (c) => {
      const spec = c.get('input');
      if (c.get('query').dryRun === 'true')
        return c.json({ spec, expected: expectedOfComparison(spec) }, 200);
      const { id, replayed } = await submit(submitDependencies, {
        request: { kind: 'comparison', input: { spec }, name: spec.name, attributes: null },
        idempotencyKey: c.req.header('idempotency-key'),
        body: c.get('rawBody'),
      });
      const links = comparisonLinks(id, ui);
      c.header('Location', links.self);
      if (replayed) c.header('Idempotency-Replayed', 'true');
      return c.json({ id, links }, 202);
    })
    .openapi(routes.list, async (c) => c.json(await comparisons.list(c.get('query')), 200))
    .openapi(routes.detail, async (c) => c.json(await find(c.req.param('id')), 200))
    .openapi(routes.events, async (c) => {
      const { id } = await find(c.req.param('id'));
      return eventStream(c, context.comparisonEvents, id, context.shutdown);
    })
    .openapi(routes.cancel, async (c) => {
      const { id, outcome, links } = await find(c.req.param('id'));
      const { reason = null } = c.get('input');
      if (outcome !== null || !(await gateway.cancel(id, reason))) {
        throw new HttpProblem(409, `Comparison ${id} is closed; there is nothing to cancel.`);
      }
      return c.json({ id, links }, 202);
    })
    .openapi(routes.report, async (c) => {
      const type = negotiate(c.req.header('accept'), ['application/json', 'text/markdown']);
      const detail = await find(c.req.param('id'));
      const report = await reportOfComparison(context, detail);
      return type === 'text/markdown'
        ? c.body(reportMarkdown(report), 200, { 'Content-Type': 'text/markdown; charset=utf-8' })
        : c.json(report, 200);
    });
}
