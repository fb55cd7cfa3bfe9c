import { addPlane, countOutcomes, type OutcomeCounts } from '../../src/analysis/ledger/ledger-planes.ts';
import type { LedgerPart } from '../../src/contracts/storage/ledger-format.ts';
import type { OpenSessionInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import type { Log } from '../drivers/driver.ts';
import { monotonicMicros } from '../measure/clock.ts';
import { allocateCounters, type Counters, sumCounters } from '../measure/counters.ts';
import { allocateLedger, type LedgerMemory, openLedger, type ProducerLedger } from '../measure/ledger.ts';
import { Merger } from '../measure/merger.ts';
import { durationSecondsOf, paceOf } from '../measure/pacer.ts';
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

/** What a round is: which of the session's, when it begins, and at which rates. */
export type RoundPlan = Pick<RoundOrder, 'round' | 'startMicros' | 'steps'>;

/** Beyond what a round may take by its plan, before its producers are given up. */
const produceMarginMs = 5_000;

/**
 * One stretch of load in a session: round 0 is the warm-up, then come probes, if any, and the measurement. Rounds are
 * numbered so that no message of one is ever counted in another.
 *
 * This gives the threads their orders and gathers what they report.
 */
export class Round {
  readonly plan: RoundPlan;
  readonly durationSeconds: number;
  readonly endMicros: number;
  readonly produced = new Merger(produceSums, produceLatencies);
  readonly consumed = new Merger(consumeSums, consumeLatencies);
  /** One for each producer of the session. */
  readonly ledgers: ProducerLedger[];
  /** Resolves once every consumer, wherever it is, counts this round: sooner, nothing of it may be sent. */
  readonly begun: Promise<void>;
  private readonly context: SessionContext;
  private readonly memories: LedgerMemory[];
  private readonly counters: SharedArrayBuffer[] = [];
  private readonly endListening: (() => void)[] = [];

  /** @param signal ends the waiting for other load generators to begin */
  constructor(context: SessionContext, plan: RoundPlan, signal: AbortSignal) {
    this.context = context;
    this.plan = plan;
    const { steps } = plan;
    const { producers } = context.input.workload;
    this.durationSeconds = durationSecondsOf(steps);
    this.endMicros = plan.startMicros + this.durationSeconds * 1e6;
    this.memories = Array.from({ length: producers }, (_, producer) =>
      allocateLedger(paceOf({ steps, producers, producer }).total),
    );
    this.ledgers = this.memories.map(openLedger);
    const { threads, peers } = context;
    for (const thread of [...threads.producers, ...threads.consumers]) {
      this.endListening.push(thread.listen((report) => this.gather(report)));
    }
    this.begun = Promise.all(threads.consumers.map((consumer) => this.begin(consumer))).then(() =>
      peers?.begun(plan.round, signal),
    );
    // Whoever needs it awaits it; until then, a broken thread must not end the process.
    this.begun.catch(() => {});
  }

  /** Runs the schedule on the producers. Resolves once all of them have settled everything or given up. */
  async produce(): Promise<Finished[]> {
    await this.begun;
    const { producers } = this.context.threads;
    const finished = producers.map((producer) => this.finished(producer));
    for (const producer of producers) producer.send({ type: 'run', order: this.order() });
    return Promise.all(finished);
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

  /** Outcomes over this generator's producers, of what each of them handed over. */
  outcomes(results: readonly Finished[]): OutcomeCounts {
    const sums = { acknowledged: 0, failed: 0, indeterminate: 0 };
    this.context.input.producers.forEach((producer, index) => {
      const counts = countOutcomes(this.ledgerOf(producer), results[index]?.handed ?? 0);
      sums.acknowledged += counts.acknowledged;
      sums.failed += counts.failed;
      sums.indeterminate += counts.indeterminate;
    });
    return sums;
  }

  /** Takes over what another load generator knows. */
  learn(part: LedgerPart): void {
    if (part.kind === 'outcomes') {
      for (const { producer, maybeTaken, notAcknowledged } of part.producers) {
        this.ledgers[producer]?.maybeTaken.set(maybeTaken);
        this.ledgers[producer]?.notAcknowledged.set(notAcknowledged);
      }
      return;
    }
    for (const { producer, received } of part.producers) {
      const ledger = this.ledgers[producer];
      if (!ledger) continue;
      if (ledger.elsewhere) addPlane(ledger.elsewhere, received);
      else ledger.elsewhere = received;
    }
  }

  /** Keeps what became of the messages of the producers here. Returns its key, null where nothing is kept. */
  async keepOutcomes(signal?: AbortSignal): Promise<string | null> {
    const producers = this.context.input.producers.map((producer) => {
      const { maybeTaken, notAcknowledged } = this.ledgerOf(producer);
      return { producer, maybeTaken, notAcknowledged };
    });
    return this.keep({ kind: 'outcomes', producers }, signal);
  }

  /** Keeps what has arrived at the consumers here. Returns its key, null where nothing is kept. */
  async keepReceived(signal?: AbortSignal): Promise<string | null> {
    return this.keep(this.receivedPart(), signal);
  }

  /** What has arrived at the consumers here so far. */
  receivedPart(): LedgerPart {
    return {
      kind: 'received',
      producers: this.ledgers.map(({ received }, producer) => ({ producer, received })),
    };
  }

  /** Ends the counting on the consumers. Resolves once all they counted is here. */
  async finishConsuming(): Promise<Finished[]> {
    const { consumers } = this.context.threads;
    const finished = consumers.map((consumer) => this.finished(consumer));
    for (const consumer of consumers) consumer.send({ type: 'finish', round: this.plan.round });
    return Promise.all(finished);
  }

  /** Ends the gathering. */
  dispose(): void {
    for (const end of this.endListening) end();
  }

  /** Sums over all threads, as of now. */
  liveCounters(): Counters {
    return sumCounters(this.counters);
  }

  private get settleTimeoutMs(): number {
    return this.context.input.workload.drainTimeoutSeconds * 1_000;
  }

  private ledgerOf(producer: number): ProducerLedger {
    const ledger = this.ledgers[producer];
    if (!ledger) throw new Error(`no ledger for producer ${producer}`);
    return ledger;
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

  private async begin(consumer: LoadThread): Promise<void> {
    const begun = consumer.report('begun', (report) => report.round === this.plan.round);
    consumer.send({ type: 'run', order: this.order() });
    await begun;
  }

  private finished(thread: LoadThread): Promise<Finished> {
    return thread.report('finished', (report) => report.round === this.plan.round);
  }

  /** The orders for one thread, with counters of its own. */
  private order(): RoundOrder {
    const counters = allocateCounters();
    this.counters.push(counters);
    return {
      ...this.plan,
      durationSeconds: this.durationSeconds,
      ledgers: this.memories,
      counters,
      settleTimeoutMs: this.settleTimeoutMs,
    };
  }
}
