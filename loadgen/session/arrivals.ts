import { setTimeout as delay } from 'node:timers/promises';
import { findMissing } from '../measure/ledger.ts';
import { wait, whenAborted, withTimeout } from '../waiting.ts';
import type { Exchange } from './exchange.ts';
import type { Round, SessionContext } from './round.ts';

/** How often to look whether everything has arrived. */
const lookEveryMs = 10;

/** What others may take, beyond the schedule, to upload what became of their messages. */
const uploadAllowanceMs = 30_000;

/** Pause between two exchanges of what has arrived; and so many times what the last one took, if that is longer. */
const exchangePauseMs = 150;
const exchangePauseFactor = 4;

/** What a cancelled measurement waits for at most: for sends to settle, and then for what was acknowledged to arrive. */
export const cancelSettleMs = 500;
const cancelDrainMs = 500;
const cancelExchangeMs = 3_000;

/** Waits for the messages of one round to arrive, here or at another load generator. */
export class Arrivals {
  private readonly context: SessionContext;
  private readonly round: Round;
  /** Of each ledger, the first word that may hold a message still to arrive. */
  private readonly missingFrom: number[];

  constructor(context: SessionContext, round: Round) {
    this.context = context;
    this.round = round;
    this.missingFrom = round.ledgers.map(() => 0);
  }

  /**
   * Waits until the producers everywhere have ended and everything acknowledged has arrived, or the drain times out.
   * @param produceEnded settled when the producers here have ended, well or not
   * @param cancelled aborted when either side of the measurement is
   * @param signal cancels the waiting: what remains is a little time for the counts to agree
   */
  async drain(produceEnded: Promise<void>, cancelled: AbortSignal, signal?: AbortSignal): Promise<void> {
    const { round } = this;
    const aborted = new Promise<void>((resolve) => whenAborted(signal, resolve));
    await round.begun;
    const limitMs = round.produceLimitMs();
    // It ends well before; the limit stands in for a `produce` that never came or went.
    const endedHere =
      this.context.threads.producers.length > 0
        ? withTimeout(produceEnded, limitMs, 'the producers did not end').catch(() => {})
        : null;
    const endedElsewhere = this.learnOutcomes(cancelled, limitMs + uploadAllowanceMs);
    await Promise.race([Promise.all([endedHere, endedElsewhere]), aborted]);
    if (!signal?.aborted && (await this.untilArrived(this.drainTimeoutMs, signal))) return;
    if (signal?.aborted) await this.drainCancelled(produceEnded);
  }

  /** Waits until the producers elsewhere have ended and everything acknowledged has arrived, or has had its time. */
  async drainEndedHere(): Promise<void> {
    await this.learnOutcomes(this.context.ending, this.round.produceLimitMs() + uploadAllowanceMs);
    await this.untilArrived(this.drainTimeoutMs);
  }

  /** A cancellation reaches both sides at about the same time: lets the producers settle, so that the counts agree. */
  private async drainCancelled(produceEnded: Promise<void>): Promise<void> {
    await Promise.race([produceEnded, wait(cancelSettleMs)]);
    await this.learnOutcomes(this.context.ending, cancelExchangeMs);
    await this.untilArrived(this.context.peers ? cancelExchangeMs : cancelDrainMs);
  }

  private get drainTimeoutMs(): number {
    return this.context.input.workload.drainTimeoutSeconds * 1_000;
  }

  /** Waits for what became of the messages of other load generators, and takes it over. */
  private async learnOutcomes(signal: AbortSignal, timeoutMs: number): Promise<void> {
    const { round } = this;
    await this.context.peers?.outcomes(round.plan.round, (part) => round.learn(part), signal, timeoutMs);
  }

  /** Waits for everything acknowledged to arrive, here or at another load generator. Returns whether it has. */
  private async untilArrived(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const { peers } = this.context;
    const between =
      peers && peers.consuming.length > 0 ? this.exchanging(peers) : async () => delay(lookEveryMs);
    const deadlineMs = performance.now() + timeoutMs;
    while (!this.everythingArrived()) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0 || signal?.aborted) return false;
      await Promise.race([between(), wait(leftMs)]);
    }
    return true;
  }

  /** What to do between two looks: exchange with the others what has arrived. */
  private exchanging(peers: Exchange): () => Promise<void> {
    const { round } = this;
    const done = new Set<number>();
    let posted = -1;
    return async () => {
      const startedMs = performance.now();
      // Read before the planes, which then hold at least as much.
      const { received } = round.liveCounters();
      const news = received === posted ? null : round.receivedPart();
      try {
        await peers.exchangeReceived(round.plan.round, news, (part) => round.learn(part), done);
        posted = received;
      } catch (error) {
        this.context.log('warn', 'exchanging what has arrived failed; trying again', {
          error: String(error),
        });
      }
      await wait(Math.max(exchangePauseMs, (performance.now() - startedMs) * exchangePauseFactor));
    };
  }

  /** Whether everything acknowledged has arrived; for asking again and again once the producers have ended. */
  private everythingArrived(): boolean {
    return this.round.ledgers.every((ledger, index) => {
      const word = findMissing(ledger, this.missingFrom[index] ?? 0);
      // The outcomes are final by now, so what has arrived once need not be looked at again.
      if (word !== null) this.missingFrom[index] = word;
      return word === null;
    });
  }
}
