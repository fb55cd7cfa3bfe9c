import type { FieldError, Problem } from '../../contracts/input/problem.ts';

/** Media type of problem details. */
export const problemType = 'application/problem+json';

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Request timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content too large',
  415: 'Unsupported media type',
  417: 'Expectation failed',
  422: 'Invalid input',
  429: 'Too many requests',
  431: 'Request header fields too large',
  500: 'Internal error',
  503: 'Unavailable',
};

/** A request that cannot be answered as asked; becomes problem details (RFC 9457). */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  /** @param detail one or two sentences: what was wrong, and what to do */
  constructor(
    status: number,
    detail: string,
    {
      errors,
      headers = {},
      cause,
    }: { errors?: FieldError[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause });
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  toDocument(): Problem & { detail: string } {
    return {
      type: 'about:blank',
      title: titles[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
    };
  }

  /** The response, with the media type that RFC 9457 asks for. */
  toResponse(): Response {
    return new Response(JSON.stringify(this.toDocument()), {
      status: this.status,
      headers: { 'Content-Type': problemType, ...this.headers },
    });
  }
}

/** 422, naming every field at fault. */
export function invalidInput(errors: FieldError[], where = 'body'): HttpProblem {
  const fields = errors.length === 1 ? 'one field' : `${errors.length} fields`;
  return new HttpProblem(422, `The ${where} is not valid: ${fields} must be corrected, see errors.`, {
    errors,
  });
}

/** 503: a server that the API needs does not answer; trying again soon may help. */
export function unavailable(what: 'Temporal' | 'S3', cause: unknown): HttpProblem {
  return new HttpProblem(503, `${what} does not answer; try again in a few seconds.`, {
    headers: { 'Retry-After': '5' },
    cause,
  });
}
