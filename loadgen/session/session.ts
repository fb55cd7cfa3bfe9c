import { countOutcomes } from '../../src/analysis/ledger-planes.ts';
import type {
  ConsumePart,
  OpenSessionOutput,
  ProducePart,
} from '../../src/contracts/documents/load-parts.ts';
import type { LiveStats } from '../../src/contracts/documents/progress.ts';
import { type RateStep, warmupMessagesPerSecond } from '../../src/contracts/input/workload.ts';
import type { LedgerPart } from '../../src/contracts/storage/ledger-format.ts';
import type { MeasureInput, OpenSessionInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import type { Log } from '../drivers/driver.ts';
import { errorMessage } from '../error-message.ts';
import { epochMsToMonotonicMicros, monotonicMicros } from '../measure/clock.ts';
import { type Counters, sumCounters } from '../measure/counters.ts';
import { countLostHere } from '../measure/ledger.ts';
import { rateAt } from '../measure/pacer.ts';
import { LoadThread } from '../threads/load-thread.ts';
import { handOverGraceMs } from '../threads/producer-loop.ts';
import { consumersReady } from './consumers-ready.ts';
import { CpuMeter } from './cpu-meter.ts';
import { Exchange, type ExchangeStore } from './exchange.ts';
import { describeHost } from './host.ts';
import { LiveRates } from './live-stats.ts';
import { consumePart, producePart } from './load-parts.ts';
import { type Finished, Run } from './run.ts';
import { SessionError } from './session-error.ts';
import { abortable, wait, withTimeout } from './waiting.ts';

/** How long consumers may take to have their partitions. */
const assignTimeoutMs = 60_000;

/** Time between the orders for the warm-up and its first message. */
const warmupLeadMs = 20;

/** What others may take, beyond the schedule, to upload what became of their messages. */
const uploadAllowanceMs = 30_000;

/** Pause between two exchanges of what has arrived; and so many times what the last one took, if that is longer. */
const exchangePauseMs = 150;
const exchangePauseFactor = 4;

/** What a cancelled measurement waits for at most: for sends to settle, and then for what was acknowledged to arrive. */
const cancelSettleMs = 500;
const cancelDrainMs = 500;
const cancelExchangeMs = 3_000;

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
  /** Aborted when either side is. */
  cancelled: AbortController;
}

export interface SessionDependencies {
  /** Where ledgers are kept, and exchanged where there are several load generators; null keeps none. */
  store: ExchangeStore | null;
  log: Log;
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
  private readonly log: Log;
  private readonly exchange: Exchange | null;
  /** Whether there are other load generators. */
  private readonly several: boolean;
  /** Ends what waits for other load generators. */
  private readonly ending = new AbortController();

  /** @param driverModule URL of the module that exports the technology's driver */
  constructor(
    input: OpenSessionInput,
    driverModule: string,
    { store, log }: SessionDependencies = { store: null, log: () => {} },
  ) {
    this.input = input;
    this.driverModule = driverModule;
    this.log = log;
    this.exchange = store && new Exchange(store, input, log);
    this.several = input.workload.generators > 1;
    if (this.several && !store) throw new Error('several load generators need a store to exchange ledgers');
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
    whenAborted(signal, () => measurement.cancelled.abort());
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
      const processCpuUtilization = cpu.stop();
      measurement.endProduce();
      const ledgerKey = await this.keep(run, run.outcomesPart(), signal);
      const part = producePart({
        run,
        results,
        outcomes: this.outcomes(run, results),
        durationSeconds: Math.max(0, measuredUntil - run.options.startMicros) / 1e6,
        processCpuUtilization,
        ledgerKey,
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
    whenAborted(signal, () => measurement.cancelled.abort());
    try {
      await this.unlessBroken(this.drain(measurement, signal));
      const results = await this.unlessBroken(run.finishConsuming());
      const ledgerKey = await this.keep(run, run.receivedPart(), signal);
      const part = consumePart({
        run,
        results,
        consumers: this.input.consumers,
        lost: run.ledgers.reduce((sum, ledger) => sum + countLostHere(ledger), 0),
        keepsOrder: this.keepsOrder,
        ledgerKey,
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
    this.ending.abort();
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
    const ready = consumersReady(
      this.consumers,
      this.several ? this.exchange : null,
      this.ending.signal,
      assignTimeoutMs,
    );
    // Awaited once the threads are open; one that fails to open is what went wrong.
    ready.catch(() => {});
    const opened = await this.unlessBroken(Promise.all(threads.map((thread) => thread.report('opened'))));
    await this.unlessBroken(
      withTimeout(ready, assignTimeoutMs, 'the consumers were not given all partitions'),
    );
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
    const startMicros = monotonicMicros() + warmupLeadMs * 1_000;
    const steps = [{ messagesPerSecond, seconds: warmupSeconds }];
    const run = this.newRun(warmupRun, startMicros, steps, this.ending.signal);
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
    const drainMs = drainTimeoutSeconds * 1_000;
    if (this.several) await this.keep(run, run.outcomesPart());
    // Without consumers here, what arrives is another generator's to count.
    if (this.consumers.length > 0) {
      const limitMs = produceLimitMs(run, drainMs) + uploadAllowanceMs;
      await this.unlessBroken(this.learnOutcomes(run, this.ending.signal, limitMs));
      await this.unlessBroken(this.untilArrived(run, drainMs));
    }
    await this.unlessBroken(run.finishConsuming());
    if (this.several && this.consumers.length > 0) await this.keep(run, run.receivedPart());
    run.dispose();
    return acknowledged;
  }

  /** The measurement that begins at this time: the first side to ask for it makes it. */
  private measure(order: MeasureOrder): Measurement {
    const { startAtEpochMs, schedule } = order;
    if (this.closed) throw new SessionError('not-open', 'the session is closed');
    if (this.measurement?.order.startAtEpochMs === startAtEpochMs) return this.measurement;
    const cancelled = new AbortController();
    const run = this.newRun(
      ++this.runs,
      epochMsToMonotonicMicros(startAtEpochMs),
      schedule,
      AbortSignal.any([cancelled.signal, this.ending.signal]),
    );
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
      cancelled,
    };
    return this.measurement;
  }

  private newRun(run: number, startMicros: number, steps: RateStep[], signal: AbortSignal): Run {
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
      begunElsewhere: async (begun) => {
        if (this.several) await this.exchange?.begun(begun, signal);
      },
    });
    return this.current;
  }

  /** Waits for everything acknowledged to arrive; see `consume`. */
  private async drain({ run, produceEnded, cancelled }: Measurement, signal?: AbortSignal): Promise<boolean> {
    const drainMs = this.input.workload.drainTimeoutSeconds * 1_000;
    const aborted = new Promise<void>((resolve) => whenAborted(signal, resolve));
    await run.begun;
    const limitMs = produceLimitMs(run, drainMs);
    // It ends well before; the limit stands in for a `produce` that never came or went.
    const endedHere =
      this.producers.length > 0
        ? withTimeout(produceEnded, limitMs, 'the producers did not end').catch(() => {})
        : null;
    const endedElsewhere = this.learnOutcomes(run, cancelled.signal, limitMs + uploadAllowanceMs);
    await Promise.race([Promise.all([endedHere, endedElsewhere]), aborted]);
    if (!signal?.aborted && (await this.untilArrived(run, drainMs, signal))) return true;
    if (!signal?.aborted) return false;
    // A cancellation reaches both sides at about the same time: let the producers settle, so that the counts agree.
    await Promise.race([produceEnded, wait(cancelSettleMs)]);
    if (!this.several) return this.untilArrived(run, cancelDrainMs);
    await this.learnOutcomes(run, this.ending.signal, cancelExchangeMs);
    return this.untilArrived(run, cancelExchangeMs);
  }

  /** Waits for what became of the messages of other load generators, and takes it over. */
  private async learnOutcomes(run: Run, signal: AbortSignal, timeoutMs: number): Promise<void> {
    if (!this.several) return;
    await this.exchange?.outcomes(run.options.run, (part) => run.learn(part), signal, timeoutMs);
  }

  /** Waits for everything acknowledged to arrive, here or at another load generator. */
  private untilArrived(run: Run, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const { exchange } = this;
    if (!exchange || exchange.consuming.length === 0) return run.waitUntilArrived(timeoutMs, signal);
    const done = new Set<number>();
    let told = -1;
    return run.waitUntilArrived(timeoutMs, signal, async () => {
      const startedMs = performance.now();
      // Read before the planes, which then hold at least as much.
      const { received } = run.liveCounters();
      const mine = received === told ? null : run.receivedPart();
      try {
        await exchange.exchangeReceived(run.options.run, mine, (part) => run.learn(part), done);
        told = received;
      } catch (error) {
        this.log('warn', 'exchanging what has arrived failed; trying again', { error: String(error) });
      }
      await wait(Math.max(exchangePauseMs, (performance.now() - startedMs) * exchangePauseFactor));
    });
  }

  /** Keeps a part of the ledger; null where none is kept. */
  private async keep(run: Run, part: LedgerPart, signal?: AbortSignal): Promise<string | null> {
    return this.exchange ? this.exchange.keep(run.options.run, part, () => signal?.aborted ?? false) : null;
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

/** When the producers of a run will have ended at the latest, in milliseconds from now. */
function produceLimitMs(run: Run, settleTimeoutMs: number): number {
  const scheduleMs = Math.max(0, run.endMicros - monotonicMicros()) / 1_000;
  return scheduleMs + handOverGraceMs + settleTimeoutMs + 5_000;
}

/** Calls back once the signal is aborted, at once if it is. */
function whenAborted(signal: AbortSignal | undefined, callback: () => void): void {
  if (signal?.aborted) callback();
  else signal?.addEventListener('abort', callback, { once: true });
}
