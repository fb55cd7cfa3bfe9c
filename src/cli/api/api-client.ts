import type { z } from 'zod';
import {
  acceptedComparisonAnswerSchema,
  acceptedSchema,
  type ComparisonDetail,
  comparisonDetailSchema,
  comparisonPageSchema,
  type ExperimentDetail,
  experimentDetailSchema,
  experimentPageSchema,
  type Report,
  reportSchema,
  technologiesSchema,
} from '../../contracts/documents/api.ts';
import { type Problem, problemSchema } from '../../contracts/input/problem.ts';
import { type ReaperReport, reaperReportSchema } from '../../contracts/temporal/infrastructure-activities.ts';
import { CliError } from '../cli-error.ts';
import type { ApiAddress } from './api-address.ts';
import { readEvents, type ServerEvent } from './server-events.ts';

export type WorkKind = 'experiments' | 'comparisons';
export type Detail<Kind extends WorkKind> = Kind extends 'experiments' ? ExperimentDetail : ComparisonDetail;

const answerTimeoutMs = 30_000;

/** What the caller must correct: the input (400, 413, 422), or an id that does not exist (404). */
const wrongUse = new Set([400, 404, 413, 422]);

/** The API refused; the message repeats what it says is wrong. */
export class ApiError extends CliError {
  override name = 'ApiError';
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problemText(problem), wrongUse.has(problem.status) ? 2 : 1);
    this.status = problem.status;
    this.problem = problem;
  }
}

/** Nothing answers where the API should be. */
export class NoApiError extends CliError {
  override name = 'NoApiError';
}

/** The API as the commands use it. Every method rejects with `ApiError` or `NoApiError`. */
export interface ApiClient {
  url: string;
  submit(kind: WorkKind, document: unknown): Promise<{ id: string }>;
  detail<Kind extends WorkKind>(kind: Kind, id: string): Promise<Detail<Kind>>;
  /** Which of the two an id belongs to; rejects with 404 when neither knows it. */
  find(
    id: string,
  ): Promise<
    { kind: 'experiments'; detail: ExperimentDetail } | { kind: 'comparisons'; detail: ComparisonDetail }
  >;
  list<Kind extends WorkKind>(
    kind: Kind,
    query: Record<string, string | undefined>,
  ): Promise<z.infer<Kind extends 'experiments' ? typeof experimentPageSchema : typeof comparisonPageSchema>>;
  cancel(kind: WorkKind, id: string): Promise<void>;
  retryDestroy(id: string, breakLock: string | undefined): Promise<void>;
  /** Answers once everything found is destroyed, or was tried. */
  reap(dryRun: boolean): Promise<ReaperReport>;
  report(kind: WorkKind, id: string): Promise<Report>;
  technologies(): Promise<z.infer<typeof technologiesSchema>>;
  /** Events until the server ends the stream or the signal aborts. */
  events(kind: WorkKind, id: string, signal: AbortSignal): AsyncGenerator<ServerEvent>;
}

/** As long as the API itself waits for the reaper. */
const reapTimeoutMs = 15 * 60_000;

/** A client of the API at an address. */
export function createApiClient({ url, key }: ApiAddress): ApiClient {
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (key !== undefined) headers.set('Authorization', `Bearer ${key}`);
    let response: Response;
    try {
      response = await fetch(url + path, { signal: AbortSignal.timeout(answerTimeoutMs), ...init, headers });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new NoApiError(
        `Nothing answers at ${url}. Start the comparator with: npm start\n(or set COMPARATOR_URL to where it runs)`,
        1,
        { cause: error },
      );
    }
    if (!response.ok) throw new ApiError(await problemOf(response));
    return response;
  }

  async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await (await request(path)).json());
  }

  async function post(path: string, body: unknown, timeoutMs = answerTimeoutMs): Promise<unknown> {
    const response = await request(path, {
      signal: AbortSignal.timeout(timeoutMs),
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  const place = (kind: WorkKind, id: string) => `/api/${kind}/${encodeURIComponent(id)}`;

  const client: ApiClient = {
    url,
    async submit(kind, document) {
      const schema = kind === 'experiments' ? acceptedSchema : acceptedComparisonAnswerSchema;
      return schema.parse(await post(`/api/${kind}`, document));
    },
    async detail<Kind extends WorkKind>(kind: Kind, id: string): Promise<Detail<Kind>> {
      const schema = kind === 'experiments' ? experimentDetailSchema : comparisonDetailSchema;
      return (await get(place(kind, id), schema)) as Detail<Kind>;
    },
    async find(id) {
      try {
        return { kind: 'experiments', detail: await client.detail('experiments', id) };
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
      try {
        return { kind: 'comparisons', detail: await client.detail('comparisons', id) };
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        throw new CliError(
          `There is no experiment or comparison ${JSON.stringify(id)}; comparator list shows what there is.`,
          2,
        );
      }
    },
    async list(kind, query) {
      const given = Object.entries(query).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const schema = kind === 'experiments' ? experimentPageSchema : comparisonPageSchema;
      return (await get(`/api/${kind}?${new URLSearchParams(given)}`, schema)) as never;
    },
    async cancel(kind, id) {
      await post(`${place(kind, id)}/cancel`, {});
    },
    async retryDestroy(id, breakLock) {
      await post(`${place('experiments', id)}/retry-destroy`, breakLock === undefined ? {} : { breakLock });
    },
    async reap(dryRun) {
      return reaperReportSchema.parse(await post(`/api/reap?dryRun=${dryRun}`, {}, reapTimeoutMs));
    },
    report(kind, id) {
      const path =
        kind === 'comparisons'
          ? `${place(kind, id)}/report`
          : `/api/report?experiment=${encodeURIComponent(id)}`;
      return get(path, reportSchema);
    },
    technologies: () => get('/api/technologies', technologiesSchema),
    async *events(kind, id, signal) {
      const response = await request(`${place(kind, id)}/events`, { signal });
      if (response.body) yield* readEvents(response.body);
    },
  };
  return client;
}

async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => null);
  const problem = problemSchema.safeParse(body);
  return problem.success
    ? problem.data
    : { type: 'about:blank', title: response.statusText || 'Error', status: response.status };
}

function problemText({ title, detail, status, errors = [] }: Problem): string {
  const head = detail ?? `The API answered ${status} ${title}.`;
  return [head, ...errors.map(({ pointer, detail: what }) => `  ${pointer || '(document)'}: ${what}`)].join(
    '\n',
  );
}
