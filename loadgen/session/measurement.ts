import type { ConsumePart, ProducePart } from '../../src/contracts/documents/load-parts.ts';
import type { MeasureInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import { epochMsToMonotonicMicros, monotonicMicros } from '../measure/clock.ts';
import { countLostHere } from '../measure/ledger.ts';
import { ProductMeter } from '../product-meter.ts';
import { whenAborted } from '../waiting.ts';
import { Arrivals, cancelSettleMs } from './arrivals.ts';
import { CpuMeter } from './cpu-meter.ts';
import { consumePart, producePart } from './load-parts.ts';
import { type Finished, Round, type SessionContext } from './round.ts';
import { SessionError } from './session-error.ts';

/** A part of a measurement, and whether it was cut short. */
export interface Measured<Part> {
  part: Part;
  partial: boolean;
}

/** What a session measures: when it begins, and at which rates. */
export type MeasureOrder = Pick<MeasureInput, 'startAtEpochMs' | 'schedule' | 'probe'>;

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
  /** Aborted when either side is. */
  private readonly cancelled = new AbortController();

  /** @param number of its round */
  constructor(context: SessionContext, order: MeasureOrder, number: number) {
    this.context = context;
    this.order = order;
    const startMicros = epochMsToMonotonicMicros(order.startAtEpochMs);
    const signal = AbortSignal.any([this.cancelled.signal, context.ending]);
    this.round = new Round(context, { round: number, startMicros, steps: order.schedule }, signal);
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
    const cpu = new CpuMeter(round.plan.startMicros, round.endMicros);
    const { runFolder } = this.context;
    const product = runFolder ? new ProductMeter(runFolder, round.plan.startMicros, round.endMicros) : null;
    try {
      const { results, stoppedMicros } = await this.runProducers(signal);
      const partial = signal?.aborted ?? false;
      const processCpuUtilization = cpu.stop();
      const productUse = product?.stop() ?? null;
      this.endProduce();
      const ledgerKey = await round.keepOutcomes(signal);
      const measuredUntilMicros = Math.min(stoppedMicros, round.endMicros);
      const part = producePart({
        round,
        producers: this.context.input.producers,
        results,
        durationSeconds: Math.max(0, measuredUntilMicros - round.plan.startMicros) / 1e6,
        processCpuUtilization,
        product: productUse,
        ledgerKey,
      });
      return { part, partial };
    } finally {
      cpu.stop();
      product?.stop();
      this.endProduce();
    }
  }

  /**
   * Counts what arrives until everything acknowledged has, or the drain times out.
   * @throws SessionError when a thread broke, or it was counted before
   */
  async consume(signal?: AbortSignal): Promise<Measured<ConsumePart>> {
    if (this.consumeTaken) throw new SessionError('already-measured', 'this measurement was already counted');
    this.consumeTaken = true;
    whenAborted(signal, () => this.cancelled.abort());
    const { round } = this;
    const { threads, input, keepsOrder } = this.context;
    try {
      await threads.unlessBroken(this.arrivals.drain(this.produceEnded, this.cancelled.signal, signal));
      const results = await threads.unlessBroken(round.finishConsuming());
      const ledgerKey = await round.keepReceived(signal);
      const part = consumePart({
        round,
        consumers: input.consumers,
        results,
        lost: round.ledgers.reduce((sum, ledger) => sum + countLostHere(ledger), 0),
        keepsOrder,
        ledgerKey,
      });
      return { part, partial: signal?.aborted ?? false };
    } finally {
      round.dispose();
    }
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
      void this.round.begun.then(
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
