import { createRoute, z } from '@hono/zod-openapi';
import { outcomes } from '../../contracts/documents/progress.ts';
import { jsonBody } from '../http/json-body.ts';
import {
  type BodyName,
  cancelBody,
  type Examples,
  idempotencyHeader,
  idParameter,
  json,
  jsonContent,
  problems,
  submitQuery,
  text,
} from '../http/openapi.ts';
import { query } from '../http/query.ts';

/** Fields of a list's query that every list has. */
export const pageQueryShape = {
  cursor: z.string().optional().openapi({ description: '`nextCursor` of an earlier page, unchanged' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(50)
    .openapi({ description: 'Most items on the page' }),
  outcome: z.enum(outcomes).optional(),
  name: z.string().optional().openapi({ description: 'Part of the name, in any case' }),
  open: z.enum(['true', 'false']).optional().openapi({ description: 'Only open ones, or only closed ones' }),
};

/** What tells the routes of experiments and of comparisons apart. */
interface Work<
  Path extends string,
  Input extends z.ZodType,
  ListQuery extends z.ZodObject,
  RemoveQuery extends z.ZodObject,
  Accepted extends z.ZodType,
  DryRun extends z.ZodType,
  Page extends z.ZodType,
  Detail extends z.ZodType,
> {
  path: Path;
  /** `experiment`, as it stands in sentences. */
  noun: string;
  /** What a submit does, as a summary. */
  start: string;
  /** Checks what is submitted, which the document describes as `body`. */
  input: Input;
  body: BodyName;
  examples: Examples;
  listQuery: ListQuery;
  accepted: Accepted;
  dryRun: DryRun;
  page: Page;
  detail: Detail;
  /** What a delete takes with it, in sentences. */
  remove: string;
  removeQuery: RemoveQuery;
  /** What a cancel does, as a summary and a description. */
  cancel: { summary: string; description: string };
}

/** The routes that experiments and comparisons have alike. */
export function workRoutes<
  const Path extends string,
  Input extends z.ZodType,
  ListQuery extends z.ZodObject,
  RemoveQuery extends z.ZodObject,
  Accepted extends z.ZodType,
  DryRun extends z.ZodType,
  Page extends z.ZodType,
  Detail extends z.ZodType,
>(work: Work<Path, Input, ListQuery, RemoveQuery, Accepted, DryRun, Page, Detail>) {
  const { path, noun, accepted } = work;
  const tags = [`${noun.charAt(0).toUpperCase()}${noun.slice(1)}s`];
  const one = { tags, path: `${path}/{id}` as const, noun };
  return {
    submit: submitRoute({ ...work, tags }),
    list: createRoute({
      method: 'get',
      path,
      tags,
      summary: `Past and running ${noun}s, newest first`,
      description:
        'A page at a time: `nextCursor` is the `cursor` of the next one, and null on the last. Those whose Temporal history has expired are among them.',
      middleware: [query(work.listQuery, { emptyIsAbsent: true })] as const,
      request: { query: work.listQuery },
      responses: { 200: json(work.page, 'A page'), ...problems(422) },
    }),
    detail: createRoute({
      method: 'get',
      path: one.path,
      tags,
      summary: `Everything known of one ${noun}`,
      description: 'What it does now, how it ended, what it was started with, and where more can be had.',
      request: { params: idParameter },
      responses: { 200: json(work.detail, `The ${noun}`), ...problems(404) },
    }),
    remove: createRoute({
      method: 'delete',
      path: one.path,
      tags,
      summary: `Delete a closed ${noun} with all that was kept of it`,
      description: `${work.remove} An Idempotency-Key that had started it stays taken. A delete that was interrupted is finished by the next.`,
      middleware: [query(work.removeQuery)] as const,
      request: { params: idParameter, query: work.removeQuery },
      responses: { 204: { description: 'It is gone' }, ...problems(404, 409, 422) },
    }),
    events: eventsRoute(one),
    cancel: cancelRoute({ ...one, accepted, says: work.cancel }),
  };
}

function submitRoute<
  Path extends string,
  Input extends z.ZodType,
  Accepted extends z.ZodType,
  DryRun extends z.ZodType,
>(
  work: Pick<
    Work<Path, Input, z.ZodObject, z.ZodObject, Accepted, DryRun, z.ZodType, z.ZodType>,
    'path' | 'noun' | 'start' | 'input' | 'body' | 'examples' | 'accepted' | 'dryRun'
  > & { tags: string[] },
) {
  return createRoute({
    method: 'post',
    path: work.path,
    tags: work.tags,
    summary: work.start,
    description: `Answers as soon as the ${work.noun} is accepted; it waits for its turn, and \`links.events\` tells how it goes. Whoever cannot know whether a call arrived repeats it with the same \`Idempotency-Key\`: it is started once.`,
    middleware: [query(submitQuery), jsonBody(work.input)] as const,
    request: {
      query: submitQuery,
      headers: idempotencyHeader,
      body: { required: true, content: jsonContent(work.body, work.examples) },
    },
    responses: {
      202: json(work.accepted, 'Accepted; it waits in the queue or runs'),
      200: json(work.dryRun, 'Only for a dry run: nothing was started'),
      ...problems(400, 409, 410, 413, 415, 422),
    },
  });
}

function eventsRoute<Path extends string>({
  path,
  tags,
  noun,
}: {
  path: Path;
  tags: string[];
  noun: string;
}) {
  return createRoute({
    method: 'get',
    path: `${path}/events` as const,
    tags,
    summary: 'Its state about once a second, as Server-Sent Events',
    description: `\`progress\` about once a second and \`closed\` at the end, each with the ${noun} as data; then the stream ends. The first event and the last have all of it; those between leave out a \`spec\` that is still the same. A line that begins with a colon only keeps the connection alive. A process serves 500 streams at once; beyond, it answers 503 with \`Retry-After\`.`,
    request: { params: idParameter },
    responses: {
      200: text('text/event-stream', `Events, each with an \`id\` and the ${noun} as data`),
      ...problems(404),
    },
  });
}

function cancelRoute<Path extends string, Accepted extends z.ZodType>({
  path,
  tags,
  accepted,
  says,
}: {
  path: Path;
  tags: string[];
  accepted: Accepted;
  says: { summary: string; description: string };
}) {
  return createRoute({
    method: 'post',
    path: `${path}/cancel` as const,
    tags,
    ...says,
    middleware: [jsonBody(cancelBody, { optional: true })] as const,
    request: {
      params: idParameter,
      body: {
        content: jsonContent('Cancel', {
          reason: { summary: 'With a reason, which is kept', value: { reason: 'too slow' } },
          without: { summary: 'Without', value: {} },
        }),
      },
    },
    responses: {
      202: json(accepted, 'Asked for; also where it was asked for before'),
      ...problems(404, 409, 413, 415, 422),
    },
  });
}
