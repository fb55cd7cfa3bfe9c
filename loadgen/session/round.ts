import type { LedgerPart } from '../../src/contracts/storage/ledger-format.ts';
import type { OpenSessionInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import type { Log } from '../drivers/driver.ts';
import { epochMsToMonotonicMicros, monotonicMicros } from '../measure/clock.ts';
import { allocateCounters, type Counters, sumCounters, unsettledIn } from '../measure/counters.ts';
import { intervalSecondsOf, Merger } from '../measure/merger.ts';
import { durationSecondsOf } from '../measure/pacer.ts';
import type { LoadThread } from '../threads/load-thread.ts';
import { handOverGraceMs } from '../threads/producer-loop.ts';
import {
  consumeLatencies,
  consumeSums,
  produceLatencies,
  produceSums,
  type RoundOrder,
  type ThreadReport,
} from '../threads/protocol.ts';
import type { Exchange } from './exchange.ts';
import { RoundLedgers } from './ledgers.ts';
import { startOf, untilNothingIsLeft } from './start.ts';
import type { SessionThreads } from './threads.ts';

/** What all rounds of an open session share. */
export interface SessionContext {
  input: OpenSessionInput;
  threads: SessionThreads;
  /** Whether the technology promises an order. */
  keepsOrder: boolean;
  /** Where ledgers are kept; null keeps none. */
  exchange: Exchange | null;
  /** That, where there are other load generators to exchange with; else null. */
  peers: Exchange | null;
  /** Aborted when the session is closed. */
  ending: AbortSignal;
  /** Where the product's processes on this machine are registered; null where there are none to look at. */
  runFolder: string | null;
  log: Log;
}

export type Finished = Extract<ThreadReport, { type: 'finished' }>;

/** What a round is: which of the session's, when it is to begin, and at which rates. */
export interface RoundPlan extends Pick<RoundOrder, 'round' | 'steps'> {
  /** null to begin as soon as everybody here is ready, whenever others do. */
  startAtEpochMs: number | null;
  /** Acknowledged messages of the round before that had not arrived when it was ended. */
  undrainedBefore: number;
  /** It may be ended from then on; left out where it goes through its whole schedule. */
  leastSeconds?: number;
}

/** Beyond what a round may take by its plan, before its producers are given up. */
const produceMarginMs = 5_000;

/**
 * One stretch of load in a session: round 0 is the warm-up, then come probes, if any, and the measurement. Rounds are
 * numbered so that no message of one is ever counted in another.
 *
 * This gives the threads their orders, has the round begin once all of them are ready, and gathers what they report.
 */
export class Round {
  readonly plan: RoundPlan;
  readonly durationSeconds: number;
  /** When it begins, as far as is known. */
  startMicros: number;
  /** Messages that had not arrived when it was ended: acknowledged ones, and those that a client here still held. */
  undrained = 0;
  readonly intervalSeconds: number;
  readonly produced: Merger<(typeof produceSums)[number], (typeof produceLatencies)[number]>;
  readonly consumed: Merger<(typeof consumeSums)[number], (typeof consumeLatencies)[number]>;
  readonly ledgers: RoundLedgers;
  /** Resolves once somebody wants it to begin. */
  readonly asked: Promise<void>;
  /** Resolves once every participant, wherever it is, is ready, and has been told when the schedule begins. */
  readonly started: Promise<void>;
  private readonly wantedMicros: number;
  private readonly signal: AbortSignal;
  /** Resolves once every consumer here counts this round. */
  private readonly counting: Promise<unknown>;
  private begin = () => {};
  private isStarted = false;
  private readonly context: SessionContext;
  private readonly counters: SharedArrayBuffer[] = [];
  private readonly endListening: (() => void)[] = [];

  /** @param signal ends the waiting for other load generators to begin */
  constructor(context: SessionContext, plan: RoundPlan, signal: AbortSignal) {
    this.context = context;
    this.plan = plan;
    const { steps } = plan;
    this.durationSeconds = durationSecondsOf(steps);
    this.intervalSeconds = intervalSecondsOf(this.durationSeconds);
    this.produced = new Merger(produceSums, produceLatencies, this.intervalSeconds);
    this.consumed = new Merger(consumeSums, consumeLatencies, this.intervalSeconds);
    this.wantedMicros =
      plan.startAtEpochMs === null ? monotonicMicros() : epochMsToMonotonicMicros(plan.startAtEpochMs);
    this.startMicros = this.wantedMicros;
    this.signal = signal;
    this.ledgers = new RoundLedgers(steps, context.input);
    const { threads } = context;
    for (const thread of [...threads.producers, ...threads.consumers]) {
      this.endListening.push(thread.listen((report) => this.gather(report)));
    }
    this.counting = Promise.all(threads.consumers.map((consumer) => this.prepare(consumer)));
    this.asked = new Promise<void>((resolve) => {
      this.begin = resolve;
    });
    this.started = Promise.all([this.counting, this.asked]).then(() => this.start());
    // Whoever needs them awaits them; until then, a broken thread must not end the process.
    this.counting.catch(() => {});
    this.started.catch(() => {});
  }

  /** Runs the schedule on the producers. Resolves once all of them have settled everything or given up. */
  async produce(): Promise<Finished[]> {
    this.begin();
    await this.started;
    return Promise.all(this.context.threads.producers.map((producer) => this.finished(producer)));
  }

  /** Begins where nobody here produces. */
  async watch(): Promise<void> {
    this.begin();
    await this.started;
  }

  get endMicros(): number {
    return this.startMicros + this.durationSeconds * 1e6;
  }

  /** Seconds since the start; below 0 before it. */
  get elapsedSeconds(): number {
    return this.isStarted ? (monotonicMicros() - this.startMicros) / 1e6 : -1;
  }

  /** How long it lasts, as far as is known: where it may be ended, at least as long as it has. */
  get expectedSeconds(): number {
    const { leastSeconds = this.durationSeconds } = this.plan;
    return Math.min(this.durationSeconds, Math.max(leastSeconds, this.elapsedSeconds));
  }

  /** By how much the start was put off, in milliseconds. */
  get startLateMs(): number {
    return (this.startMicros - this.wantedMicros) / 1_000;
  }

  /** Stops sending; what is under way has this long to settle. */
  stopProducing(settleTimeoutMs: number): void {
    for (const producer of this.context.threads.producers) {
      producer.send({ type: 'stop', round: this.plan.round, settleTimeoutMs });
    }
  }

  /** When the producers will have ended at the latest, in milliseconds from now. */
  produceLimitMs(): number {
    const scheduleMs = Math.max(0, this.endMicros - monotonicMicros()) / 1_000;
    return scheduleMs + handOverGraceMs + this.settleTimeoutMs + produceMarginMs;
  }

  /** Attempts of which it is unknown whether the product took the message, as far as is known: a copy may yet arrive. */
  doubts(): number {
    return this.doubtsHere() + this.ledgers.doubtsElsewhere;
  }

  /** Keeps what became of the messages of the producers here. Returns its key, null where nothing is kept. */
  async keepOutcomes(signal?: AbortSignal): Promise<string | null> {
    return this.keep(this.ledgers.outcomesPart(this.doubtsHere()), signal);
  }

  /** Keeps what has arrived at the consumers here. Returns its key, null where nothing is kept. */
  async keepReceived(signal?: AbortSignal): Promise<string | null> {
    return this.keep(this.ledgers.receivedPart(), signal);
  }

  /** Ends the counting on the consumers. Resolves once all they counted is here. */
  async finishConsuming(): Promise<Finished[]> {
    const { consumers } = this.context.threads;
    const finished = consumers.map((consumer) => this.finished(consumer));
    for (const consumer of consumers) consumer.send({ type: 'finish', round: this.plan.round });
    return Promise.all(finished);
  }

  /** Notes what is left of it, now that it is ended. */
  noteUndrained(): void {
    this.undrained = this.ledgers.missing() + unsettledIn(this.liveCounters());
  }

  /** Ends the gathering. */
  dispose(): void {
    for (const end of this.endListening) end();
  }

  /** Sums over all threads, as of now. */
  liveCounters(): Counters {
    return sumCounters(this.counters);
  }

  private doubtsHere(): number {
    const { handed, acknowledged, failed, doubted } = this.liveCounters();
    return handed - acknowledged - failed + doubted;
  }

  private get settleTimeoutMs(): number {
    return this.context.input.workload.drainTimeoutSeconds * 1_000;
  }

  private async keep(part: LedgerPart, signal?: AbortSignal): Promise<string | null> {
    const cancelled = () => signal?.aborted ?? false;
    return (await this.context.exchange?.keep(this.plan.round, part, cancelled)) ?? null;
  }

  private gather(report: ThreadReport): void {
    const { round } = this.plan;
    if (report.type === 'produced' && report.round === round) this.produced.add(report.interval);
    if (report.type === 'consumed' && report.round === round) this.consumed.add(report.interval);
  }

  /** Gives a thread its orders. Resolves once it is ready. */
  private async prepare(thread: LoadThread): Promise<void> {
    const begun = thread.report('begun', (report) => report.round === this.plan.round);
    thread.send({ type: 'run', order: this.order() });
    await begun;
  }

  /** Once the consumers here count: readies the producers, agrees with everybody on the start, and tells it. */
  private async start(): Promise<void> {
    const { threads, peers, log } = this.context;
    const { round, startAtEpochMs, undrainedBefore } = this.plan;
    if (undrainedBefore > 0 && threads.consumers.length > 0) {
      log('warn', 'the round before did not drain: waiting until nothing of it arrives any more', {
        round,
        undrainedBefore,
      });
      await untilNothingIsLeft(() => this.liveCounters().leftover, this.signal);
    }
    await Promise.all(threads.producers.map((producer) => this.prepare(producer)));
    const agreedEpochMs = peers ? await peers.begun(round, startAtEpochMs, this.signal) : null;
    this.startMicros = startOf(this.wantedMicros, startAtEpochMs, agreedEpochMs);
    for (const thread of [...threads.consumers, ...threads.producers]) {
      thread.send({ type: 'start', round, startMicros: this.startMicros });
    }
    this.isStarted = true;
  }

  private finished(thread: LoadThread): Promise<Finished> {
    return thread.report('finished', (report) => report.round === this.plan.round);
  }

  /** The orders for one thread, with counters of its own. */
  private order(): RoundOrder {
    const counters = allocateCounters();
    this.counters.push(counters);
    const { round, steps } = this.plan;
    return {
      round,
      steps,
      startMicros: this.startMicros,
      durationSeconds: this.durationSeconds,
      ledgers: this.ledgers.memories,
      counters,
      settleTimeoutMs: this.settleTimeoutMs,
    };
  }
}
