import type { Problem } from '../../contracts/input/problem.ts';
import { keptKey } from './key.ts';

/** The API refused, or did not answer; `message` is for the person. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** null where nothing answered. */
  readonly problem: Problem | null;

  constructor(message: string, problem: Problem | null) {
    super(message);
    this.problem = problem;
  }

  get status(): number {
    return this.problem?.status ?? 0;
  }

  /** Whether the same request may succeed later: nothing answered, or something between here and there, or too much is asked. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(String(error), null);
}

/** Told when the API asks for a key, or for another one. */
export const keyNeeded = new EventTarget();

/** A request with the key, if there is one. @throws ApiError */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const key = keptKey();
  let response: Response;
  try {
    const headers = new Headers(init.headers);
    if (key !== null) headers.set('Authorization', `Bearer ${key}`);
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted && init.signal.reason?.name !== 'TimeoutError') throw error;
    throw new ApiError('The service does not answer. It may be restarting.', null);
  }
  if (response.ok) return response;
  if (response.status === 401) keyNeeded.dispatchEvent(new Event('needed'));
  const problem = await problemOf(response);
  throw new ApiError(problem.detail ?? `${problem.status} ${problem.title}`, problem);
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { type: 'about:blank', title: response.statusText || 'Error', status: response.status };
  const body: Problem | null = await response.json().catch(() => null);
  return body && typeof body.status === 'number' ? body : fallback;
}

/** The answer to a GET; its shape is the API's contract. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request(path, { signal, headers: { Accept: 'application/json' } })).json();
}

export async function getText(path: string, accept: string, signal?: AbortSignal): Promise<string> {
  return (await request(path, { signal, headers: { Accept: accept } })).text();
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const init = { method: 'POST', body: JSON.stringify(body), signal };
  return (await request(path, { ...init, headers: { 'Content-Type': 'application/json' } })).json();
}

/** Saves what the API answers as a file: a plain link would come without the key. */
export async function download(path: string, accept: string, name: string): Promise<void> {
  saveAs(await (await request(path, { headers: { Accept: accept } })).blob(), name);
}

export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
