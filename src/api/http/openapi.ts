import { type OpenAPIHono, z } from '@hono/zod-openapi';
import * as api from '../../contracts/documents/api.ts';
import { keptSchema } from '../../contracts/documents/progress.ts';
import { resultSchema } from '../../contracts/documents/result.ts';
import { acceptedComparisonSchema, comparisonInputSchema } from '../../contracts/input/comparison.ts';
import { acceptedExperimentSchema } from '../../contracts/input/experiment.ts';
import { mostVariants } from '../../contracts/input/grid/sweep.ts';
import { keptMinutesSchema } from '../../contracts/input/keeping/keep-minutes.ts';
import { problemSchema } from '../../contracts/input/problem.ts';
import { reaperReportSchema } from '../../contracts/temporal/infrastructure-activities.ts';
import { technologyCard, technologyIds } from '../../technologies/registry.ts';

/** Makes a schema a named component of the OpenAPI document. */
function component<Schema extends z.ZodType>(name: string, schema: Schema) {
  return z.lazy(() => schema).openapi(name);
}

/** What may come with a cancel. */
export const cancelBody = z.strictObject({ reason: z.string().min(1).max(500).optional() });

/** What may come with a retry of a destroy. */
export const retryDestroyBody = z.strictObject({
  breakLock: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'Id of a state lock whose holder a person has seen to be dead' }),
});

/** What comes with an extension. */
export const extendBody = z.strictObject({
  minutes: keptMinutesSchema.describe('From the present end of the keeping on'),
});

const cards = technologyIds.map(technologyCard);

/** What clients send, by the names that the document knows it by. */
const bodies = {
  Experiment: component(
    'Experiment',
    z.discriminatedUnion(
      'technology',
      cards.map((card) =>
        z.strictObject({
          ...acceptedExperimentSchema.shape,
          technology: z.literal(card.id),
          settings: card.settings.prefault({}),
        }),
      ) as unknown as [typeof acceptedExperimentSchema],
    ),
  ),
  Comparison: component(
    'Comparison',
    z.strictObject({
      ...comparisonInputSchema.shape,
      variants: z
        .array(
          z.discriminatedUnion(
            'technology',
            cards.map((card) =>
              z.strictObject({
                ...comparisonInputSchema.shape.variants.element.shape,
                technology: z.literal(card.id),
                settings: card.settings.prefault({}),
              }),
            ) as unknown as [typeof comparisonInputSchema.shape.variants.element],
          ),
        )
        .min(1)
        .max(mostVariants),
    }),
  ),
  Cancel: component('Cancel', cancelBody),
  Extend: component('Extend', extendBody),
  RetryDestroy: component('RetryDestroy', retryDestroyBody),
};

export type BodyName = keyof typeof bodies;

/** Bodies to begin with, by a name. */
export type Examples = Record<string, { summary: string; value: unknown }>;

/**
 * The documents that the API answers with as components, built from the schemas that they are checked by. A spec is shown
 * as it is accepted now; what another release has stored may have other fields.
 */
export const components = {
  accepted: component('AcceptedExperiment', api.acceptedSchema),
  extended: component('ExtendedExperiment', api.acceptedSchema.extend(keptSchema.shape)),
  acceptedComparison: component('AcceptedComparison', api.acceptedComparisonAnswerSchema),
  dryRun: component('ExperimentDryRun', api.dryRunSchema),
  comparisonDryRun: component('ComparisonDryRun', api.comparisonDryRunSchema),
  experimentPage: component('ExperimentPage', api.experimentPageSchema),
  comparisonPage: component('ComparisonPage', api.comparisonPageSchema),
  experimentDetail: component(
    'ExperimentDetail',
    api.experimentDetailSchema.extend({ spec: acceptedExperimentSchema.nullable() }),
  ),
  comparisonDetail: component(
    'ComparisonDetail',
    api.comparisonDetailSchema.extend({ spec: acceptedComparisonSchema.nullable() }),
  ),
  result: component('Result', resultSchema.extend({ spec: acceptedExperimentSchema })),
  report: component('Report', api.reportSchema),
  index: component('Index', api.apiIndexSchema),
  technologies: component('Technologies', api.technologiesSchema),
  reaperReport: component('ReaperReport', reaperReportSchema),
  openWaits: component('OpenWaits', api.openWaitsSchema),
  orphans: component('Orphans', api.orphansAnswerSchema),
  queues: component('Queues', api.queuesSchema),
  readiness: component('Readiness', api.readinessSchema),
  unreadiness: component(
    'Unreadiness',
    problemSchema.omit({ errors: true }).extend({ checks: api.readinessSchema.shape.checks }),
  ),
  problem: component('Problem', problemSchema),
};

/**
 * A JSON body of a route, for the document alone. By its name and not by its schema: a schema would make the OpenAPI
 * layer read and check the body as well, which refuses an empty one where none is needed.
 */
export function jsonContent(name: BodyName, examples: Examples) {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` }, examples } };
}

/** Adds to the document what `jsonContent` names. */
export function describeBodies({ openAPIRegistry }: OpenAPIHono): void {
  for (const [name, schema] of Object.entries(bodies)) openAPIRegistry.register(name, schema);
}

/** A JSON answer of a route. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** An answer of a route that is no JSON document. */
export function text<Type extends string>(type: Type, description: string) {
  return { description, content: { [type]: { schema: z.string() } } };
}

const problemDescriptions = {
  400: 'The Idempotency-Key has not 1 to 255 characters',
  404: 'There is no such thing, or not yet',
  406: 'Not available in a media type that the client takes',
  409: 'Its present state does not allow it, or the Idempotency-Key was used with another body',
  410: 'What the Idempotency-Key had started has been deleted',
  413: 'The body is larger than 64 KiB, or, of a comparison to be started, than 1 MiB',
  415: 'The body is not JSON, or not sent as such',
  422: 'Invalid input; `errors` names every field at fault',
} as const;

/** The problems that a route can answer with, beside those that any can: 401, 403, 405, 429, 500 and 503. */
export function problems(...statuses: (keyof typeof problemDescriptions)[]) {
  const answers = Object.fromEntries(
    statuses.map((status) => [status, problem(problemDescriptions[status])]),
  );
  return { ...answers, default: problem('Any other problem, such as 401, 403, 429 or 503') };
}

function problem(description: string) {
  return { description, content: { 'application/problem+json': { schema: components.problem } } };
}

/** The `{id}` of a path. */
export const idParameter = z.object({
  id: z.string().openapi({ param: { name: 'id', in: 'path' }, example: '01kaxv8t6hbjm0c2n1s4q9wzfe' }),
});

/** Header of the calls that start something. */
export const idempotencyHeader = z.object({
  'idempotency-key': z.string().optional().openapi({
    description: 'The same key and body give the same id, for as long as results are kept',
  }),
});

/** Query of the calls that start something. */
export const submitQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .openapi({ description: 'Only checks, fills in defaults, and says what it would take' }),
});

/**
 * What the document says of the API as a whole.
 * @param keyed whether this service asks for keys
 */
export function openApiInfo(keyed: boolean) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Data Engineering Comparator',
      version: '1',
      description:
        'Runs streaming technologies under your load and reports which of them meet your requirements. Errors are problem details (RFC 9457).',
    },
    servers: [{ url: '/' }],
    ...(keyed ? { security: [{ bearer: [] }] } : {}),
  };
}
