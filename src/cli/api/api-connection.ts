import type { z } from 'zod';
import { type Problem, problemSchema } from '../../contracts/input/problem.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ApiAddress } from './api-address.ts';

/** What the caller must correct: the input (400, 413, 415, 422), or an id that does not exist (404). */
const wrongUse = new Set([400, 404, 413, 415, 422]);

/** The API refused; the message repeats what it says is wrong. */
export class ApiError extends CliError {
  override name = 'ApiError';
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problemText(problem), wrongUse.has(problem.status) ? exitCodes.wrongUse : exitCodes.failed);
    this.status = problem.status;
    this.problem = problem;
  }
}

/** Nothing answers where the API should be. */
export class NoApiError extends CliError {
  override name = 'NoApiError';
}

/** Whether there is no such thing, by what the API answered. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Requests to an API. Every method rejects with `ApiError` when it refuses, and `NoApiError` when nothing answers. */
export class ApiConnection {
  readonly url: string;
  private readonly key: string | undefined;
  private readonly timeoutMs: number;

  constructor({ url, key }: ApiAddress, timeoutMs: number) {
    this.url = url;
    this.key = key;
    this.timeoutMs = timeoutMs;
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.key !== undefined) headers.set('Authorization', `Bearer ${this.key}`);
    let response: Response;
    try {
      const signal = AbortSignal.timeout(this.timeoutMs);
      response = await fetch(this.url + path, { signal, ...init, headers });
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') {
        throw new NoApiError(
          `${this.url} did not answer in time.${init.method === 'POST' ? ' It may have taken up all the same what was asked: comparator list shows.' : ' Try again, or see its log.'}`,
          exitCodes.failed,
          { cause: error },
        );
      }
      if (init.signal?.aborted) throw error;
      throw new NoApiError(
        `Nothing answers at ${this.url}. Start the comparator with: npm start\n(or set COMPARATOR_URL to where it runs)`,
        exitCodes.failed,
        { cause: error },
      );
    }
    if (!response.ok) throw new ApiError(await problemOf(response));
    return response;
  }

  /** The answer to a GET, checked by its schema. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await (await this.request(path)).json());
  }

  async getText(path: string, accept = 'text/plain'): Promise<string> {
    return (await this.request(path, { headers: { Accept: accept } })).text();
  }

  async post(path: string, body: unknown, timeoutMs = this.timeoutMs): Promise<unknown> {
    const response = await this.request(path, {
      signal: AbortSignal.timeout(timeoutMs),
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  }
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
