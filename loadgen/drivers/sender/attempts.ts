/**
 * How one attempt to send a batch ended: what the driver makes of an answer, of an error, or of there being neither. Of
 * several batches in one request, each has a result of its own.
 */
export type AttemptResult = { kind: 'acknowledged' } | FailedAttempt;

export interface FailedAttempt {
  /**
   * - `refused`: by the product, and certain not to have been taken
   * - `not-sent`: it never left the client, so it is certain not to have been taken
   * - `in-doubt`: it may have been taken, in whole or in part: no answer came, or one that leaves it open
   */
  kind: 'refused' | 'not-sent' | 'in-doubt';
  /** Whether the next attempt may fare better. A refusal that is tried again is throttling. */
  retriable: boolean;
  /** The product's own name for it where it gave one, for refusals are counted by it; e.g. `MESSAGE_TOO_LARGE`. */
  reason: string;
  /** What else there is to say, for the log. */
  detail?: string;
}

export const acknowledged: AttemptResult = { kind: 'acknowledged' };

/**
 * From when it was handed over on, waiting and retries included; then a message is given up on. Less than the 30 s that a
 * load drains by default, so that what was never taken is known to have failed before its round ends. Java's default is
 * 120 s.
 */
export const deliveryTimeoutMs = 25_000;

const firstBackoffMs = 100;
const maxBackoffMs = 1_000;

/** All attempts to send the same batch: what is known of it, and what may yet be done. */
export class Attempts {
  /** How many have begun. */
  begun = 0;
  /** When the latest began. */
  beganMs = 0;
  private giveUpMs: number;
  private doubt: string | null = null;
  private refusal: string | null = null;
  private lastReason: string | null = null;

  /** @param sinceMs when its first message was handed over */
  constructor(sinceMs: number) {
    this.giveUpMs = sinceMs + deliveryTimeoutMs;
  }

  /** Forgets everything, for another batch. */
  renew(sinceMs: number): void {
    this.begun = 0;
    this.giveUpMs = sinceMs + deliveryTimeoutMs;
    this.doubt = null;
    this.refusal = null;
    this.lastReason = null;
  }

  /** Begins another attempt. Returns the reason of the refusal after which it is made, or null where there was none. */
  begin(nowMs: number): string | null {
    this.begun++;
    this.beganMs = nowMs;
    const { refusal } = this;
    this.refusal = null;
    return refusal;
  }

  /** Notes how the latest attempt failed. Returns whether there may be another. */
  fail({ kind, retriable, reason }: FailedAttempt, nowMs: number): boolean {
    if (kind === 'in-doubt') this.doubt ??= reason;
    this.lastReason = reason;
    this.refusal = kind === 'refused' ? reason : null;
    return retriable && nowMs < this.giveUpMs;
  }

  isOverdue(nowMs: number): boolean {
    return nowMs >= this.giveUpMs;
  }

  /** How long to wait before the next attempt: twice as long each time, more or less, lest many come back together. */
  backoffMs(random: () => number): number {
    const nominalMs = Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.max(0, this.begun - 1));
    return nominalMs * (0.8 + 0.4 * random());
  }

  /** What has become of it if it is given up on: whatever follows an attempt in doubt, the doubt remains. */
  get outcome(): 'failed' | 'indeterminate' {
    return this.doubt === null ? 'failed' : 'indeterminate';
  }

  /** Why: of the first attempt in doubt, or else of the last one. */
  get reason(): string {
    return this.doubt ?? this.lastReason ?? 'waited too long for its first attempt';
  }
}
