/** How one attempt to send a request ended. */
export type AttemptResult =
  | { kind: 'acknowledged' }
  /** Refused by the product: certain not to have been taken. */
  | { kind: 'refused'; retriable: boolean; reason: string }
  /** It never left the client: certain not to have been taken. */
  | { kind: 'not-sent'; retriable: boolean; reason: string }
  /** Timed out, or the connection broke: it may have been taken, in whole or in part. */
  | { kind: 'in-doubt'; retriable: boolean; reason: string };

/** From the first attempt on, retries included; then a message is given up on. Java's default is 120 s. */
export const deliveryTimeoutMs = 30_000;

const firstBackoffMs = 100;
const maxBackoffMs = 1_000;

/** How a failed attempt ended. */
export type FailedAttempt = Exclude<AttemptResult, { kind: 'acknowledged' }>;

/** The attempts to send the same messages, from the first one on. */
export class Attempts {
  private readonly giveUpMs: number;
  private inDoubt = false;
  private backoffMs = firstBackoffMs;

  /** @param nowMs `performance.now()` at the first attempt */
  constructor(nowMs: number) {
    this.giveUpMs = nowMs + deliveryTimeoutMs;
  }

  /** How long to wait before the next attempt, or null when this was the last. */
  afterFailure({ kind, retriable }: FailedAttempt, nowMs: number): number | null {
    this.inDoubt ||= kind === 'in-doubt';
    if (!retriable || nowMs + this.backoffMs > this.giveUpMs) return null;
    // Jitter, so that several requests do not come back together.
    const waitMs = this.backoffMs * (0.8 + 0.4 * Math.random());
    this.backoffMs = Math.min(maxBackoffMs, this.backoffMs * 2);
    return waitMs;
  }

  /**
   * What has become of messages that are given up on: a final refusal after an attempt in doubt leaves them in doubt.
   */
  get outcome(): 'failed' | 'indeterminate' {
    return this.inDoubt ? 'indeterminate' : 'failed';
  }
}
