import { setTimeout as delay } from 'node:timers/promises';
import { percentileMs } from '../measure/latency-counts.ts';
import { wait, whenAborted, withTimeout } from '../waiting.ts';
import type { Exchange } from './exchange.ts';
import type { Round, SessionContext } from './round.ts';

/** How often to look whether everything has arrived. */
const lookEveryMs = 10;

/**
 * How long nothing may have arrived before it is believed that nothing more does: a further copy takes as long as the
 * slowest message did, or a moment where that is less. Longer where a product may have taken what it did not confirm:
 * that arrives when a server, a connection or a retry comes to it.
 */
const quietMs = 1_000;
const quietInDoubtMs = 5_000;

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

  constructor(context: SessionContext, round: Round) {
    this.context = context;
    this.round = round;
  }

  /**
   * Waits until the producers everywhere have ended and everything acknowledged has arrived, and nothing more arrives, or
   * the drain times out.
   * @param produceEnded settled when the producers here have ended, well or not
   * @param cancelled aborted when either side of the measurement is
   * @param signal cancels the waiting: what remains is a little time for the counts to agree
   */
  async drain(produceEnded: Promise<void>, cancelled: AbortSignal, signal?: AbortSignal): Promise<void> {
    const { round } = this;
    const aborted = new Promise<void>((resolve) => whenAborted(signal, resolve));
    // The limits stand in for a `produce` that never came, or never went.
    const neverAsked = Promise.race([produceEnded, aborted, wait(round.produceLimitMs())]);
    const isAsked = await Promise.race([round.asked.then(() => true), neverAsked.then(() => false)]);
    if (isAsked) await Promise.race([round.started, produceEnded, aborted]);
    const limitMs = round.produceLimitMs();
    const endedHere =
      this.context.threads.producers.length > 0
        ? withTimeout(produceEnded, limitMs, 'the producers did not end').catch(() => {})
        : null;
    const endedElsewhere = this.learnOutcomes(cancelled, limitMs + uploadAllowanceMs);
    await Promise.race([Promise.all([endedHere, endedElsewhere]), aborted]);
    if (!signal?.aborted && (await this.untilArrived(this.drainTimeoutMs, { signal, quiet: true }))) return;
    if (signal?.aborted) await this.drainCancelled(produceEnded);
  }

  /**
   * Waits until the producers elsewhere have ended and everything acknowledged has arrived, or has had its time. Further
   * copies are not waited for: nobody counts those of a warm-up.
   */
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
    await this.context.peers?.outcomes(
      round.plan.round,
      (part) => round.ledgers.learn(part),
      signal,
      timeoutMs,
    );
  }

  /**
   * Waits for everything acknowledged to arrive, here or at another load generator, and with `quiet` for nothing more to
   * arrive here. Returns whether that came about.
   */
  private async untilArrived(
    timeoutMs: number,
    { signal, quiet = false }: { signal?: AbortSignal | undefined; quiet?: boolean } = {},
  ): Promise<boolean> {
    const { peers } = this.context;
    const between =
      peers && peers.consuming.length > 0 ? this.exchanging(peers) : async () => delay(lookEveryMs);
    const deadlineMs = performance.now() + timeoutMs;
    const quietFor = quiet ? this.quietFor() : () => true;
    while (!quietFor() || !this.round.ledgers.everythingArrived()) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0 || signal?.aborted) return false;
      await Promise.race([between(), wait(leftMs)]);
    }
    return true;
  }

  /** Asked again and again, whether nothing of this round has arrived for as long as it takes. */
  private quietFor(): () => boolean {
    const { round } = this;
    const leastMs = round.doubts() > 0 ? quietInDoubtMs : quietMs;
    let seen = -1;
    let sinceMs = 0;
    return () => {
      const { received, duplicated } = round.liveCounters();
      if (received + duplicated !== seen) {
        seen = received + duplicated;
        sinceMs = performance.now();
      }
      const slowestMs = percentileMs(round.consumed.latencies.endToEnd, 100) ?? 0;
      return performance.now() - sinceMs >= Math.max(leastMs, slowestMs);
    };
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
      const news = received === posted ? null : round.ledgers.receivedPart();
      try {
        await peers.exchangeReceived(round.plan.round, news, (part) => round.ledgers.learn(part), done);
        posted = received;
      } catch (error) {
        this.context.log('warn', 'exchanging what has arrived failed; trying again', {
          error: String(error),
        });
      }
      await wait(Math.max(exchangePauseMs, (performance.now() - startedMs) * exchangePauseFactor));
    };
  }
}
