import type {
  ConsumePart,
  OpenSessionOutput,
  ProducePart,
} from '../../src/contracts/documents/load-parts.ts';
import type { LiveStats } from '../../src/contracts/documents/progress.ts';
import { longestWarmupSeconds } from '../../src/contracts/input/load/schedule.ts';
import type { OpenSessionInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import { isEmulated } from '../../src/technologies/registry.ts';
import type { Log } from '../drivers/driver.ts';
import { errorMessage } from '../error-message.ts';
import { describeHost } from '../host.ts';
import { clockIdentity } from '../measure/clock.ts';
import { SessionError } from '../session-error.ts';
import { abortable, withTimeout } from '../waiting.ts';
import { consumersReady } from './consumers-ready.ts';
import { Exchange, type ExchangeStore } from './exchange.ts';
import { countersOf, LiveRates, liveStatsOf } from './live-stats.ts';
import { type Measured, Measurement, type MeasureOrder } from './measurement.ts';
import { onOneClock } from './one-clock.ts';
import type { Round, SessionContext } from './round.ts';
import { SessionThreads } from './threads.ts';
import { noWarmup, warmUp, warmupRoundOf } from './warm-up/warm-up.ts';

/** How long consumers may take to have their partitions. */
const assignTimeoutMs = 60_000;

export interface SessionDependencies {
  /** Where ledgers are kept, and exchanged where there are several load generators; null keeps none. */
  store: ExchangeStore | null;
  log: Log;
  /** Where the product's processes on this machine are registered; null, or left out, where there are none. */
  runFolder?: string | null;
}

/**
 * The clients of one load generator process, each in a thread of its own, warm from the first round on. A session goes
 * through rounds: the warm-up, then a measurement, or the probes of a capacity search and the measurement that they lead
 * to. Its clients stay the same throughout; a session that failed is replaced by another one.
 */
export class Session {
  readonly input: OpenSessionInput;
  private readonly driverModule: string;
  private readonly exchange: Exchange | null;
  private readonly log: Log;
  private readonly runFolder: string | null;
  private readonly rates = new LiveRates(() => countersOf(this.round));
  private threads: SessionThreads | null = null;
  /** null until the clients have connected. */
  private context: SessionContext | null = null;
  /** The newest. */
  private round: Round | null = null;
  private measurement: Measurement | null = null;
  private measurements = 0;
  private closed = false;
  /** Ends what waits for other load generators. */
  private readonly ending = new AbortController();

  /** @param driverModule URL of the module that exports the technology's driver */
  constructor(
    input: OpenSessionInput,
    driverModule: string,
    { store, log, runFolder = null }: SessionDependencies = { store: null, log: () => {} },
  ) {
    this.input = input;
    this.driverModule = driverModule;
    this.log = log;
    this.runFolder = runFolder;
    this.exchange = store && new Exchange(store, input, log);
    if (input.workload.generators > 1 && !store)
      throw new Error('several load generators need a store to exchange ledgers');
  }

  /**
   * Starts the threads, connects, and runs the warm-up until all of it has arrived, or has had its time.
   * @throws SessionError when the product cannot be reached or takes no message
   * @throws the signal's reason when aborted; the session is closed then
   */
  async open(signal?: AbortSignal): Promise<OpenSessionOutput> {
    if (this.closed) throw new SessionError('not-open', 'the session is closed');
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
    return this.measurementOf(order).produce(signal);
  }

  /**
   * Counts what arrives until everything acknowledged has, or the drain times out.
   * @throws SessionError when a thread broke, or this measurement was already counted
   */
  async consume(order: MeasureOrder, signal?: AbortSignal): Promise<Measured<ConsumePart>> {
    return this.measurementOf(order).consume(signal);
  }

  /** What happens now: the heartbeat of the activities. */
  liveStats(): LiveStats {
    return liveStatsOf(this.round, this.measurement?.order.probe ?? null, this.rates.perSecond());
  }

  /** Closes the clients and ends the threads; does nothing the second time. */
  async close({ atOnce = false }: { atOnce?: boolean } = {}): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.rates.stop();
    this.ending.abort();
    await this.threads?.close(atOnce);
  }

  private async connectAndWarmUp(): Promise<OpenSessionOutput> {
    const { workload } = this.input;
    const threads = new SessionThreads(this.input, this.driverModule);
    this.threads = threads;
    const peers = workload.generators > 1 ? this.exchange : null;
    const ready = consumersReady(threads.consumers, peers, this.ending.signal, assignTimeoutMs);
    const oneClock = peers && onOneClock(peers, clockIdentity(), this.ending.signal, assignTimeoutMs);
    // Awaited once the threads are open; one that fails to open is what went wrong.
    ready.catch(() => {});
    oneClock?.catch(() => {});
    const [opened] = await threads.opened();
    await oneClock;
    await threads.unlessBroken(
      withTimeout(ready, assignTimeoutMs, 'the consumers were not given all partitions'),
    );
    if (!opened) throw new SessionError('open-failed', 'the session has neither producers nor consumers');
    this.context = {
      input: this.input,
      threads,
      keepsOrder: opened.keepsOrder,
      exchange: this.exchange,
      peers,
      ending: this.ending.signal,
      // What stands in for a product says nothing of it.
      runFolder: isEmulated(this.input.technology, 'local') ? null : this.runFolder,
      log: this.log,
    };
    return {
      warmup: longestWarmupSeconds(workload) > 0 ? await this.warmUp(this.context) : noWarmup,
      environment: {
        host: describeHost(),
        node: process.versions.node,
        product: null,
        clients: opened.clients,
      },
    };
  }

  private warmUp(context: SessionContext): Promise<OpenSessionOutput['warmup']> {
    this.round = warmupRoundOf(context);
    return warmUp(context, this.round);
  }

  /** The measurement that begins at this time: the first side to ask for it makes it. */
  private measurementOf(order: MeasureOrder): Measurement {
    if (this.closed || !this.context) throw new SessionError('not-open', 'the session is closed');
    if (this.measurement?.order.startAtEpochMs === order.startAtEpochMs) return this.measurement;
    this.measurement = new Measurement(this.context, order, ++this.measurements, this.round);
    this.round = this.measurement.round;
    return this.measurement;
  }
}
