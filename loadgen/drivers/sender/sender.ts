import type { Outcome } from '../../measure/ledger.ts';
import type { Log } from '../driver.ts';
import type { AttemptResult, FailedAttempt } from './attempts.ts';
import type { Clock, Timer } from './clock.ts';
import type { Sendable, SendWindow } from './window.ts';

/** How often to look for what has waited for too long. */
const sweepEveryMs = 100;

/** A complaint that repeats is written this often at most: a whole window fails at once, and for one reason. */
const complainEveryMs = 1_000;

const mostReasons = 100;

const nothing: readonly never[] = [];

export interface SenderOptions<Unit extends Sendable> {
  window: SendWindow<Unit>;
  clock: Clock;
  /** Requests that may be under way at once, beside what the window allows; any number where left out. */
  maxRequests?: number;
  /** Makes one attempt to send these together; its end comes through `ended`, in this call or later. Never throws. */
  attempt(batch: readonly Unit[]): void;
  /** Each once; the reason where it was not acknowledged. */
  settle(unit: Unit, outcome: Outcome, reason?: string): void;
  /** A refused unit is being sent again. */
  throttled(unit: Unit, reason: string): void;
  /** A unit goes again that the product may have taken. */
  doubted?(unit: Unit): void;
  log: Log;
}

/**
 * Sends what waits in a window until the product has acknowledged it, has refused it for good, or its time is over.
 * Every technology's rules are the same ones, since they make the numbers:
 *
 * - Retrying is done here rather than inside a client library, because only who sees every attempt can tell `failed` from
 *   `indeterminate`.
 * - Doubt stays: a refusal after an attempt in doubt leaves the messages `indeterminate`. Only an acknowledgement ends it.
 * - What waits is given up on after `deliveryTimeoutMs`, tried or not. An attempt that is under way then may still
 *   succeed, but is the last.
 * - `throttled` counts a refusal when the next attempt begins, so that none is counted that was not tried again.
 *
 * Decides nothing by itself of order and quantity: that is the window's.
 */
export class Sender<Unit extends Sendable> {
  private readonly options: SenderOptions<Unit>;
  private readonly quietUntilMs = new Map<string, number>();
  private requests = 0;
  private unanswered = 0;
  private wake: Timer | null = null;
  private wakeAtMs: number | null = null;
  private sweep: Timer;
  private draining = false;
  private closed = false;

  constructor(options: SenderOptions<Unit>) {
    this.options = options;
    this.sweep = options.clock.after(sweepEveryMs, () => this.giveUpOverdue());
  }

  /** Sends whatever may go now. To be called whenever the window got something, or allows more. */
  drain(): void {
    // An attempt may end within `attempt`, and that calls again; the loop below goes on by itself.
    if (this.draining || this.closed) return;
    const { window, clock, attempt, maxRequests = Number.POSITIVE_INFINITY } = this.options;
    this.draining = true;
    while (this.requests < maxRequests) {
      const nowMs = clock.nowMs();
      const batch = window.next(nowMs);
      if (!batch) break;
      this.requests++;
      for (const unit of batch) {
        const refusal = unit.attempts.begin(nowMs);
        if (refusal !== null) this.options.throttled(unit, refusal);
      }
      attempt(batch);
    }
    this.draining = false;
    this.setWake();
  }

  /**
   * Takes note of the end of an attempt.
   * @param batch as `attempt` got it
   * @param resultOf what became of each unit
   */
  ended(batch: readonly Unit[], resultOf: (unit: Unit, index: number) => AttemptResult): void {
    const nowMs = this.options.clock.nowMs();
    const tookMs = nowMs - (batch[0]?.attempts.beganMs ?? nowMs);
    this.requests--;
    let answered = false;
    let again: Unit[] | null = null;
    for (let index = 0; index < batch.length; index++) {
      const unit = batch[index] as Unit;
      const result = resultOf(unit, index);
      if (result.kind === 'acknowledged') {
        answered = true;
        this.options.settle(unit, 'acknowledged');
        continue;
      }
      answered ||= result.kind === 'refused';
      if (!this.failed(unit, result, nowMs)) continue;
      again ??= [];
      again.push(unit);
    }
    this.unanswered = answered ? 0 : this.unanswered + 1;
    this.options.window.ended({
      batch,
      again: again ?? nothing,
      nowMs,
      tookMs,
      unanswered: this.unanswered,
    });
    this.drain();
  }

  /** An answer to an earlier attempt came late: the unit, which waits for its next one, has been taken. */
  acknowledgedLate(unit: Unit): void {
    this.options.window.giveUp(
      (waiting) => waiting === unit,
      () => this.options.settle(unit, 'acknowledged'),
    );
    this.drain();
  }

  /** Gives up on those waiting units that are wanted. */
  giveUp(isWanted: (unit: Unit) => boolean): void {
    this.options.window.giveUp(isWanted, (unit) => this.giveUpOn(unit));
  }

  /** Gives up on all that waits, whatever its time. Attempts under way go on, and may be followed by others. */
  giveUpWaiting(): void {
    this.giveUp(() => true);
  }

  /** Gives up on all that waits. Attempts under way are the last ones. */
  close(): void {
    this.closed = true;
    this.wake?.cancel();
    this.sweep.cancel();
    this.giveUpWaiting();
  }

  /** Returns whether the unit goes again; settles it otherwise. */
  private failed(unit: Unit, failure: FailedAttempt, nowMs: number): boolean {
    const goesAgain = unit.attempts.fail(failure, nowMs) && !this.closed;
    this.complain(failure, nowMs);
    if (!goesAgain) this.giveUpOn(unit);
    else if (failure.kind === 'in-doubt') this.options.doubted?.(unit);
    return goesAgain;
  }

  private giveUpOn(unit: Unit): void {
    this.options.settle(unit, unit.attempts.outcome, unit.attempts.reason);
  }

  private giveUpOverdue(): void {
    const nowMs = this.options.clock.nowMs();
    this.giveUp(({ attempts }) => attempts.isOverdue(nowMs));
    this.sweep = this.options.clock.after(sweepEveryMs, () => this.giveUpOverdue());
    this.drain();
  }

  private complain({ reason, detail, retriable }: FailedAttempt, nowMs: number): void {
    if (this.closed || nowMs < (this.quietUntilMs.get(reason) ?? 0)) return;
    // Reasons may hold what a server says, of which there is no end.
    if (this.quietUntilMs.size === mostReasons) this.quietUntilMs.clear();
    this.quietUntilMs.set(reason, nowMs + complainEveryMs);
    this.options.log('warn', `sending failed: ${reason}`, { reason, detail, retriable });
  }

  private setWake(): void {
    const { window, clock, maxRequests = Number.POSITIVE_INFINITY } = this.options;
    // With no room for another request, it is the end of one that goes on.
    const wakeAtMs = this.requests < maxRequests ? window.wakeAtMs : null;
    if (wakeAtMs === this.wakeAtMs) return;
    this.wake?.cancel();
    this.wake = null;
    this.wakeAtMs = wakeAtMs;
    if (wakeAtMs === null) return;
    const leftMs = wakeAtMs - clock.nowMs();
    // What could have gone and did not waits for something else.
    if (leftMs <= 0) return;
    this.wake = clock.after(Math.ceil(leftMs), () => {
      this.wakeAtMs = null;
      this.drain();
    });
  }
}
