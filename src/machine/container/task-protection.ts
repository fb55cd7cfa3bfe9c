import { z } from 'zod';

/** How long the agent is asked for at a time: what is left when nobody refreshes it any more. */
const expiresInMinutes = 60;
const refreshAfterMs = 20 * 60_000;
const lookEveryMs = 15_000;
const answerTimeoutMs = 3_000;

const answerSchema = z.object({
  protection: z.object({ ProtectionEnabled: z.boolean() }).optional(),
  failure: z.object({ Reason: z.string(), Detail: z.string().nullish() }).optional(),
  error: z.object({ Code: z.string(), Message: z.string().nullish() }).optional(),
});

export interface TaskProtectionOptions {
  /** What the container agent says of itself in `ECS_AGENT_URI`. */
  agentUri: string;
  /** Whether something lives here that would end with the task, though nobody holds it. */
  isNeeded: () => boolean;
  /** Told why the agent does not protect or release, once for each reason. */
  warn: (message: string) => void;
  now?: () => number;
}

/**
 * Keeps the task that this container belongs to from being ended by a deployment or a scale-in, for as long as somebody
 * holds it or something lives in it. It is asked for before the work begins, refreshed while that goes on, and given back
 * after. An agent that does not answer keeps nobody from working: a task that ends all the same does so in order.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export class TaskProtection {
  private holders = 0;
  /** Unknown at first: a process before this one may have been protected. */
  private state: 'unknown' | 'on' | 'off' = 'unknown';
  private protectedAtMs = 0;
  private last: Promise<void> = Promise.resolve();
  private warned: string | null = null;
  private readonly options: TaskProtectionOptions;
  private readonly timer: NodeJS.Timeout;
  private readonly now: () => number;

  constructor(options: TaskProtectionOptions) {
    this.options = options;
    this.now = options.now ?? Date.now;
    this.timer = setInterval(() => void this.settle(), lookEveryMs).unref();
  }

  /** Does the work once protection has been asked for, whatever came of it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.holders += 1;
    try {
      await this.settle();
      return await work();
    } finally {
      this.holders -= 1;
      void this.settle();
    }
  }

  /** Has the agent know what is needed now; one request at a time, so that none overtakes another. */
  settle(): Promise<void> {
    this.last = this.last.then(() => this.step());
    return this.last;
  }

  /** Looks no more. What is protected stays so until it expires. */
  close(): Promise<void> {
    clearInterval(this.timer);
    return this.last;
  }

  private async step(): Promise<void> {
    const needed = this.holders > 0 || this.options.isNeeded();
    const fresh = needed ? this.now() - this.protectedAtMs < refreshAfterMs : true;
    if (this.state === (needed ? 'on' : 'off') && fresh) return;
    const problem = await this.ask(needed);
    if (problem === null) {
      this.state = needed ? 'on' : 'off';
      if (needed) this.protectedAtMs = this.now();
      this.warned = null;
    } else if (problem !== this.warned) {
      this.warned = problem;
      const what = needed ? 'not protected from' : 'still protected from';
      this.options.warn(`This task is ${what} scale-in and deployments: ${problem}`);
    }
  }

  /** What is wrong, or null. */
  private async ask(enabled: boolean): Promise<string | null> {
    try {
      const response = await fetch(`${this.options.agentUri}/task-protection/v1/state`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ProtectionEnabled: enabled,
          ...(enabled && { ExpiresInMinutes: expiresInMinutes }),
        }),
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      return problemOf(response.status, await response.json(), enabled);
    } catch (error) {
      return `the container agent does not answer (${(error as Error).message})`;
    }
  }
}

function problemOf(status: number, body: unknown, enabled: boolean): string | null {
  const { protection, failure, error } = answerSchema.safeParse(body).data ?? {};
  if (protection?.ProtectionEnabled === enabled) return null;
  if (failure) return [failure.Reason, failure.Detail].filter(Boolean).join(': ');
  if (error) return [error.Code, error.Message].filter(Boolean).join(': ');
  return `the container agent answered ${status}`;
}
