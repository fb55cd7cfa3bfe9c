import type { ConsumePart, ProducePart } from '../../src/contracts/documents/load-parts.ts';
import { searchOf } from '../../src/contracts/input/load/schedule.ts';
import type { MeasureInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import { monotonicMicros } from '../measure/clock.ts';
import { ProductMeter } from '../product-meter.ts';
import { SessionError } from '../session-error.ts';
import { type ProcessUsage, ProcessWatch } from '../usage/process-watch.ts';
import { whenAborted, withTimeout } from '../waiting.ts';
import { Arrivals, cancelSettleMs } from './arrivals.ts';
import { consumePart, producePart } from './load-parts.ts';
import { type Finished, Round, type SessionContext } from './round.ts';

/** A part of a measurement, and whether it was cut short. */
export interface Measured<Part> {
  part: Part;
  partial: boolean;
}

/** What a session measures: when it begins, and at which rates. */
export type MeasureOrder = Pick<MeasureInput, 'startAtEpochMs' | 'schedule' | 'probe'>;

const emptyTimeoutMs = 10_000;

/** One round that is measured, a probe or the measurement itself: its two sides, each taken once. */
export class Measurement {
  readonly order: MeasureOrder;
  readonly round: Round;
  private readonly context: SessionContext;
  private readonly arrivals: Arrivals;
  private produceTaken = false;
  private consumeTaken = false;
  /** Settled when the producers have ended, well or not. */
  private readonly produceEnded: Promise<void>;
  private endProduce = () => {};
  /** null until the schedule has a start. */
  private processWatch: ProcessWatch | null = null;
  private productMeter: ProductMeter | null = null;
  /** Aborted when either side is. */
  private readonly cancelled = new AbortController();

  /**
   * @param number of its round
   * @param before the round that went before
   */
  constructor(context: SessionContext, order: MeasureOrder, number: number, before: Round | null) {
    this.context = context;
    this.order = order;
    const signal = AbortSignal.any([this.cancelled.signal, context.ending]);
    const { startAtEpochMs, schedule: steps } = order;
    this.round = new Round(
      context,
      { round: number, startAtEpochMs, steps, undrainedBefore: before?.undrained ?? 0 },
      signal,
    );
    this.round.started.then(
      () => this.watchProcesses(),
      () => {},
    );
    this.arrivals = new Arrivals(context, this.round);
    this.produceEnded = new Promise((resolve) => {
      this.endProduce = resolve;
    });
  }

  /**
   * Runs the producers through the schedule.
   * @throws SessionError when a thread broke, or they were run before
   */
  async produce(signal?: AbortSignal): Promise<Measured<ProducePart>> {
    if (this.produceTaken) throw new SessionError('already-measured', 'the producers have run this schedule');
    this.produceTaken = true;
    whenAborted(signal, () => this.cancelled.abort());
    const { round } = this;
    try {
      const { results, stoppedMicros } = await this.runProducers(signal);
      const partial = signal?.aborted ?? false;
      const usage = this.processUsage();
      const product = this.productMeter?.stop() ?? null;
      this.endProduce();
      const ledgerKey = await round.keepOutcomes(signal);
      const measuredUntilMicros = Math.min(stoppedMicros, round.endMicros);
      const part = producePart({
        round,
        producers: this.context.input.producers,
        results,
        durationSeconds: Math.max(0, measuredUntilMicros - round.startMicros) / 1e6,
        usage,
        product,
        ledgerKey,
      });
      return { part, partial };
    } finally {
      this.productMeter?.stop();
      this.endProduce();
    }
  }

  /**
   * Counts what arrives until everything acknowledged has and nothing more does, or the drain times out.
   * @throws SessionError when a thread broke, it was counted before, or the clocks of two load generators differ
   */
  async consume(signal?: AbortSignal): Promise<Measured<ConsumePart>> {
    if (this.consumeTaken) throw new SessionError('already-measured', 'this measurement was already counted');
    this.consumeTaken = true;
    whenAborted(signal, () => this.cancelled.abort());
    const { round } = this;
    const { threads, input, keepsOrder } = this.context;
    const producesHere = threads.producers.length > 0;
    try {
      if (!producesHere) await threads.unlessBroken(round.watch());
      await threads.unlessBroken(this.arrivals.drain(this.produceEnded, this.cancelled.signal, signal));
      const results = await threads.unlessBroken(round.finishConsuming());
      round.noteUndrained();
      refuseImpossible(round.consumed.totals);
      const ledgerKey = await round.keepReceived(signal);
      await threads.unlessBroken(this.emptyProduct());
      const part = consumePart({
        round,
        consumers: input.consumers,
        results,
        lost: round.ledgers.lostHere(),
        keepsOrder,
        // Both sides of a generator share one process, which is told once.
        usage: producesHere ? null : this.processUsage(),
        ledgerKey,
      });
      return { part, partial: signal?.aborted ?? false };
    } finally {
      round.dispose();
    }
  }

  /**
   * After a probe of which everything has arrived, or what a search held, which may be tried lower; other load generators'
   * consumers may still read.
   */
  private async emptyProduct(): Promise<void> {
    const { threads, peers, log, input } = this.context;
    const isLast = this.order.probe === null && searchOf(input.workload.load) === null;
    if (isLast || this.round.undrained > 0 || peers) return;
    const emptied = threads.emptyProduct();
    await withTimeout(emptied, emptyTimeoutMs, 'what was measured was not deleted').catch((error: Error) => {
      log('warn', `the next probe begins with a product that is not empty: ${error.message}`);
    });
  }

  private watchProcesses(): void {
    const { startMicros, endMicros } = this.round;
    const { runFolder } = this.context;
    this.processWatch = new ProcessWatch({ startMicros, endMicros });
    if (runFolder) this.productMeter = new ProductMeter(runFolder, startMicros, endMicros);
  }

  private processUsage(): ProcessUsage {
    return this.processWatch?.stop() ?? { cpuUtilization: 0, host: null };
  }

  /** Runs the schedule; a cancellation stops it. Returns when it was stopped, infinity where it was not. */
  private async runProducers(
    signal: AbortSignal | undefined,
  ): Promise<{ results: Finished[]; stoppedMicros: number }> {
    let stoppedMicros = Number.POSITIVE_INFINITY;
    const stop = () => {
      stoppedMicros = monotonicMicros();
      this.round.stopProducing(cancelSettleMs);
    };
    try {
      const finished = this.round.produce();
      // The order to stop must not overtake the order to run.
      void this.round.started.then(
        () => whenAborted(signal, stop),
        () => {},
      );
      const results = await this.context.threads.unlessBroken(finished);
      return { results, stoppedMicros };
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** A latency between two clocks is none. */
function refuseImpossible({ impossible, received }: Round['consumed']['totals']): void {
  if (impossible === 0) return;
  throw new SessionError(
    'clocks-differ',
    `${impossible} of ${received} messages arrived before they were to be sent, or were to be sent before the load began: the clocks of two load generators differ, or the driver tells times of another clock; run all load generators of an experiment on one host`,
  );
}
