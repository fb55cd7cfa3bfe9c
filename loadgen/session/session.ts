import { warmupMessagesPerSecond } from '../../src/contracts/experiment.ts';
import type {
  ConsumePart,
  MeasureInput,
  OpenSessionInput,
  OpenSessionOutput,
  ProducePart,
  RateStep,
} from '../../src/contracts/loadgen.ts';
import type { LiveStats } from '../../src/contracts/progress.ts';
import { errorMessage } from '../error-message.ts';
import { epochMsToMonotonicMicros, monotonicMicros } from '../measure/clock.ts';
import { type Counters, sumCounters } from '../measure/counters.ts';
import { countLost, countOutcomes } from '../measure/ledger.ts';
import { rateAt } from '../measure/pacer.ts';
import { LoadThread } from '../threads/load-thread.ts';
import { handOverGraceMs } from '../threads/producer-loop.ts';
import { consumersReady } from './consumers-ready.ts';
import { CpuMeter } from './cpu-meter.ts';
import { describeHost } from './host.ts';
import { LiveRates } from './live-rates.ts';
import { consumePart, producePart } from './parts.ts';
import { type Finished, Run } from './run.ts';
import { SessionError } from './session-error.ts';
import { abortable, wait, withTimeout } from './waiting.ts';

/** How long consumers may take to have their partitions. */
const assignTimeoutMs = 60_000;

/** Time between the orders for the warm-up and its first message. */
const warmupLeadMs = 20;

/** What a cancelled measurement waits for at most: for sends to settle, and then for what was acknowledged to arrive. */
const cancelSettleMs = 500;
const cancelDrainMs = 500;

const warmupRun = 0;

/** A part of a measurement, and whether it was cut short. */
export interface Measured<Part> {
  part: Part;
  partial: boolean;
}

/** What a session measures: when it begins, and at which rates. */
export type MeasureOrder = Pick<MeasureInput, 'startAtEpochMs' | 'schedule' | 'probe'>;

/** A measurement with what its two sides have come to. */
interface Measurement {
  run: Run;
  order: MeasureOrder;
  produceTaken: boolean;
  consumeTaken: boolean;
  /** Settled when the producers have ended, well or not. */
  produceEnded: Promise<void>;
  endProduce(): void;
}

/**
 * The clients of one load generator process for one session, each in a thread of its own, warm from the first run on.
 * Runs are numbered, 0 being the warm-up, so that no message of one is ever counted in another.
 */
export class Session {
  readonly input: OpenSessionInput;
  private readonly driverModule: string;
  private readonly producers: LoadThread[] = [];
  private readonly consumers: LoadThread[] = [];
  private readonly rates = new LiveRates(() => this.counters());
  private current: Run | null = null;
  private measurement: Measurement | null = null;
  private runs = 0;
  private keepsOrder = true;
  private closed = false;

  /** @param driverModule URL of the module that exports the technology's driver */
  constructor(input: OpenSessionInput, driverModule: string) {
    this.input = input;
    this.driverModule = driverModule;
  }

  /**
   * Starts the threads, connects, and runs the warm-up until all of it has arrived, or has had its time.
   * @throws SessionError when the product cannot be reached or takes no message
   * @throws the signal's reason when aborted; the session is closed then
   */
  async open(signal?: AbortSignal): Promise<OpenSessionOutput> {
    try {
      return await abortable(this.connectAndWarmUp(), signal);
    } catch (error) {
      await this.close({ atOnce: true });
      if (error instanceof SessionError || signal?.aborted) throw error;
      throw new SessionError('open-failed', errorMessage(error), { cause: error });
    }
  }

  /**
   * Runs the producers through the schedule.
   * @throws SessionError when a thread broke, or this measurement was already run
   */
  async produce(order: MeasureOrder, signal?: AbortSignal): Promise<Measured<ProducePart>> {
    const measurement = this.measure(order);
    if (measurement.produceTaken)
      throw new SessionError('already-measured', 'the producers have run this schedule');
    measurement.produceTaken = true;
    const { run } = measurement;
    const cpu = new CpuMeter(run.options.startMicros, run.endMicros);
    let stoppedMicros = Number.POSITIVE_INFINITY;
    const stop = () => {
      stoppedMicros = monotonicMicros();
      run.stopProducing(cancelSettleMs);
    };
    try {
      const finished = run.produce();
      // The order to stop must not overtake the order to run.
      void run.begun.then(
        () => (signal?.aborted ? stop() : signal?.addEventListener('abort', stop)),
        () => {},
      );
      const results = await this.unlessBroken(finished);
      const cutShort = signal?.aborted ?? false;
      const measuredUntil = Math.min(stoppedMicros, run.endMicros);
      const part = producePart({
        run,
        results,
        outcomes: this.outcomes(run, results),
        durationSeconds: Math.max(0, measuredUntil - run.options.startMicros) / 1e6,
        processCpuUtilization: cpu.stop(),
      });
      return { part, partial: cutShort };
    } finally {
      signal?.removeEventListener('abort', stop);
      cpu.stop();
      measurement.endProduce();
    }
  }

  /**
   * Counts what arrives until everything acknowledged has, or the drain times out.
   * @throws SessionError when a thread broke, or this measurement was already counted
   */
  async consume(order: MeasureOrder, signal?: AbortSignal): Promise<Measured<ConsumePart>> {
    const measurement = this.measure(order);
    if (measurement.consumeTaken)
      throw new SessionError('already-measured', 'this measurement was already counted');
    measurement.consumeTaken = true;
    const { run } = measurement;
    try {
      const arrived = await this.unlessBroken(this.drain(measurement, signal));
      const results = await this.unlessBroken(run.finishConsuming());
      const lost = run.ledgers.reduce((sum, ledger) => sum + countLost(ledger), 0);
      const part = consumePart({
        run,
        results,
        consumers: this.input.consumers,
        lost,
        drained: arrived,
        keepsOrder: this.keepsOrder,
      });
      return { part, partial: signal?.aborted ?? false };
    } finally {
      run.dispose();
    }
  }

  /** What happens now: the heartbeat of the activities. */
  liveStats(): LiveStats {
    const counters = this.counters();
    const perSecond = this.rates.perSecond();
    const { current } = this;
    const secondsTotal = current?.durationSeconds ?? 0;
    const elapsed = current ? (monotonicMicros() - current.options.startMicros) / 1e6 : 0;
    return {
      atEpochMs: Date.now(),
      probe: this.measurement?.order.probe ?? null,
      intendedPerSecond: current ? rateAt(current.options.steps, elapsed) : 0,
      secondsElapsed: Math.min(secondsTotal, Math.max(0, elapsed)),
      secondsTotal,
      producedPerSecond: perSecond.acknowledged,
      consumedPerSecond: perSecond.received,
      acknowledged: counters.acknowledged,
      received: counters.received,
      backlog: Math.max(0, counters.acknowledged - counters.received),
      failed: counters.failed,
      publishP50Ms: current?.produced.latestPercentileMs('publish', 50) ?? null,
      publishP99Ms: current?.produced.latestPercentileMs('publish', 99) ?? null,
      publishScheduledP50Ms: current?.produced.latestPercentileMs('publishScheduled', 50) ?? null,
      publishScheduledP99Ms: current?.produced.latestPercentileMs('publishScheduled', 99) ?? null,
      endToEndP50Ms: current?.consumed.latestPercentileMs('endToEnd', 50) ?? null,
      endToEndP99Ms: current?.consumed.latestPercentileMs('endToEnd', 99) ?? null,
    };
  }

  /** Closes the clients and ends the threads; does nothing the second time. */
  async close({ atOnce = false }: { atOnce?: boolean } = {}): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.rates.stop();
    const threads = [...this.producers, ...this.consumers];
    await Promise.all(threads.map((thread) => (atOnce ? thread.terminate() : thread.close())));
  }

  private async connectAndWarmUp(): Promise<OpenSessionOutput> {
    const { workload } = this.input;
    this.producers.push(
      ...this.input.producers.map((index) => this.startThread('producer', index, workload.producers)),
    );
    this.consumers.push(
      ...this.input.consumers.map((index) => this.startThread('consumer', index, workload.consumers)),
    );
    const threads = [...this.producers, ...this.consumers];
    const ready = consumersReady(this.consumers, this.consumers.length === workload.consumers);
    const opened = await this.unlessBroken(Promise.all(threads.map((thread) => thread.report('opened'))));
    if (this.consumers.length > 0) {
      await this.unlessBroken(
        withTimeout(ready, assignTimeoutMs, 'the consumers were not given all partitions'),
      );
    }
    const clients = opened[0]?.clients;
    if (!clients) throw new SessionError('open-failed', 'the session has neither producers nor consumers');
    this.keepsOrder = opened[0]?.keepsOrder ?? true;
    const acknowledged = workload.warmupSeconds > 0 ? await this.warmUp() : 0;
    return {
      warmup: { acknowledged },
      environment: { host: describeHost(), node: process.versions.node, product: null, clients },
    };
  }

  private startThread(role: 'producer' | 'consumer', index: number, count: number): LoadThread {
    const { experimentId, session, settings, endpoint, workload } = this.input;
    return new LoadThread({
      role,
      driverModule: this.driverModule,
      settings,
      endpoint,
      sessionName: `cmp-${experimentId}-${session}`,
      session,
      index,
      count,
      workload,
    });
  }

  /** Runs the warm-up by the same path as a measurement. Returns how many messages were acknowledged. */
  private async warmUp(): Promise<number> {
    const { warmupSeconds, drainTimeoutSeconds } = this.input.workload;
    const messagesPerSecond = warmupMessagesPerSecond(this.input.workload);
    const run = this.newRun(warmupRun, monotonicMicros() + warmupLeadMs * 1_000, [
      { messagesPerSecond, seconds: warmupSeconds },
    ]);
    const results = await this.unlessBroken(run.produce());
    const { acknowledged, indeterminate } = this.outcomes(run, results);
    if (acknowledged === 0 && results.some((result) => result.handed > 0)) {
      const reason = results.map((result) => result.lastProblem).find((problem) => problem !== null);
      const doubt = indeterminate > 0 ? ' (some may have been taken)' : '';
      throw new SessionError(
        'warm-up-failed',
        `no message of the warm-up was acknowledged${doubt}${reason ? `: ${reason}` : ''}`,
      );
    }
    // Without consumers here, what arrives is another generator's to count.
    if (this.consumers.length > 0) await this.unlessBroken(run.waitUntilArrived(drainTimeoutSeconds * 1_000));
    await this.unlessBroken(run.finishConsuming());
    run.dispose();
    return acknowledged;
  }

  /** The measurement that begins at this time: the first side to ask for it makes it. */
  private measure(order: MeasureOrder): Measurement {
    const { startAtEpochMs, schedule } = order;
    if (this.closed) throw new SessionError('not-open', 'the session is closed');
    if (this.measurement?.order.startAtEpochMs === startAtEpochMs) return this.measurement;
    const run = this.newRun(++this.runs, epochMsToMonotonicMicros(startAtEpochMs), schedule);
    let endProduce = () => {};
    const produceEnded = new Promise<void>((resolve) => {
      endProduce = resolve;
    });
    this.measurement = {
      run,
      order,
      produceTaken: false,
      consumeTaken: false,
      produceEnded,
      endProduce,
    };
    return this.measurement;
  }

  private newRun(run: number, startMicros: number, steps: RateStep[]): Run {
    const { workload, producers } = this.input;
    this.current = new Run({
      producers: this.producers,
      producerNumbers: producers,
      consumers: this.consumers,
      producerCount: workload.producers,
      run,
      startMicros,
      steps,
      settleTimeoutMs: workload.drainTimeoutSeconds * 1_000,
    });
    return this.current;
  }

  /** Waits for everything acknowledged to arrive; see `consume`. */
  private async drain({ run, produceEnded }: Measurement, signal?: AbortSignal): Promise<boolean> {
    const drainMs = this.input.workload.drainTimeoutSeconds * 1_000;
    const aborted = new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    await run.begun;
    const scheduleMs = Math.max(0, run.endMicros - monotonicMicros()) / 1_000;
    // The producers end well before this; it stands in for a `produce` that never came or went.
    const produceLimitMs = scheduleMs + handOverGraceMs + drainMs + 5_000;
    await Promise.race([
      withTimeout(produceEnded, produceLimitMs, 'the producers did not end').catch(() => {}),
      aborted,
    ]);
    if (!signal?.aborted && (await run.waitUntilArrived(drainMs, signal))) return true;
    if (!signal?.aborted) return false;
    // A cancellation reaches both sides at about the same time: let the producers settle, so that the counts agree.
    await Promise.race([produceEnded, wait(cancelSettleMs)]);
    return run.waitUntilArrived(cancelDrainMs);
  }

  /** Outcomes over this generator's producers. */
  private outcomes(run: Run, results: Finished[]) {
    const sums = { acknowledged: 0, failed: 0, indeterminate: 0 };
    run.options.producerNumbers.forEach((producer, index) => {
      const ledger = run.ledgers[producer];
      if (!ledger) throw new Error(`no ledger for producer ${producer}`);
      const counts = countOutcomes(ledger, results[index]?.handed ?? 0);
      sums.acknowledged += counts.acknowledged;
      sums.failed += counts.failed;
      sums.indeterminate += counts.indeterminate;
    });
    return sums;
  }

  private counters(): Counters {
    return this.current?.liveCounters() ?? sumCounters([]);
  }

  /** Waits for something of the threads; rejects when one of them breaks. */
  private async unlessBroken<T>(work: Promise<T>): Promise<T> {
    // A thread's own promise may reject in place of this one.
    work.catch(() => {});
    try {
      return await Promise.race([
        work,
        ...[...this.producers, ...this.consumers].map((thread) => thread.broken),
      ]);
    } catch (error) {
      if (error instanceof SessionError) throw error;
      throw new SessionError('thread-broken', errorMessage(error), { cause: error });
    }
  }
}
