import { setTimeout as delay } from 'node:timers/promises';
import { addPlane } from '../../src/analysis/ledger-planes.ts';
import type { RateStep } from '../../src/contracts/input/workload.ts';
import type { LedgerPart } from '../../src/contracts/storage/ledger-format.ts';
import { allocateCounters, type Counters, sumCounters } from '../measure/counters.ts';
import {
  allocateLedger,
  findMissing,
  type LedgerMemory,
  openLedger,
  type ProducerLedger,
} from '../measure/ledger.ts';
import { Merger } from '../measure/merger.ts';
import { durationSecondsOf, paceOf } from '../measure/pacer.ts';
import type { LoadThread } from '../threads/load-thread.ts';
import {
  consumeLatencies,
  consumeSums,
  produceLatencies,
  produceSums,
  type RunOrder,
  type ThreadReport,
} from '../threads/protocol.ts';

import { wait } from './waiting.ts';

export type Finished = Extract<ThreadReport, { type: 'finished' }>;

export interface RunOptions {
  producers: LoadThread[];
  /** Number of each producer, in the order of `producers`. */
  producerNumbers: number[];
  consumers: LoadThread[];
  /** Producers of the whole session, over all load generators. */
  producerCount: number;
  run: number;
  startMicros: number;
  steps: RateStep[];
  settleTimeoutMs: number;
  /** Called once the consumers here count this run; resolves once those of other load generators do too. */
  begunElsewhere?(run: number): Promise<void>;
}

/** How often to look whether everything has arrived. */
const lookEveryMs = 10;

/** One run of a session, warm-up or measurement: gives the threads their orders and gathers what they report. */
export class Run {
  readonly options: RunOptions;
  readonly durationSeconds: number;
  readonly endMicros: number;
  readonly produced = new Merger(produceSums, produceLatencies);
  readonly consumed = new Merger(consumeSums, consumeLatencies);
  /** One for each producer of the session. */
  readonly ledgers: ProducerLedger[];
  /** Resolves once every consumer, wherever it is, counts this run: sooner, nothing of it may be sent. */
  readonly begun: Promise<void>;
  private readonly memories: LedgerMemory[];
  private readonly counters: SharedArrayBuffer[] = [];
  private readonly endListening: (() => void)[] = [];
  /** Of each ledger, the first word that may hold a message still to arrive. */
  private readonly missingFrom: number[];

  constructor(options: RunOptions) {
    this.options = options;
    this.durationSeconds = durationSecondsOf(options.steps);
    this.endMicros = options.startMicros + this.durationSeconds * 1e6;
    this.memories = Array.from({ length: options.producerCount }, (_, producer) =>
      allocateLedger(paceOf({ steps: options.steps, producers: options.producerCount, producer }).total),
    );
    this.ledgers = this.memories.map(openLedger);
    this.missingFrom = this.ledgers.map(() => 0);
    for (const thread of [...options.producers, ...options.consumers]) {
      this.endListening.push(thread.listen((report) => this.gather(report)));
    }
    this.begun = Promise.all(options.consumers.map((consumer) => this.begin(consumer))).then(() =>
      options.begunElsewhere?.(options.run),
    );
    // Whoever needs it awaits it; until then, a broken thread must not end the process.
    this.begun.catch(() => {});
  }

  /** Runs the schedule on the producers. Resolves once all of them have settled everything or given up. */
  async produce(): Promise<Finished[]> {
    await this.begun;
    const finished = this.options.producers.map((producer) => this.finished(producer));
    for (const producer of this.options.producers) producer.send({ type: 'run', order: this.order() });
    return Promise.all(finished);
  }

  /** Stops sending; what is under way has this long to settle. */
  stopProducing(settleTimeoutMs: number): void {
    for (const producer of this.options.producers) {
      producer.send({ type: 'stop', run: this.options.run, settleTimeoutMs });
    }
  }

  /** Whether everything acknowledged has arrived; for asking again and again once the producers have ended. */
  everythingArrived(): boolean {
    return this.ledgers.every((ledger, index) => {
      const word = findMissing(ledger, this.missingFrom[index] ?? 0);
      // The outcomes are final by now, so what has arrived once need not be looked at again.
      if (word !== null) this.missingFrom[index] = word;
      return word === null;
    });
  }

  /**
   * Waits until everything acknowledged has arrived. Returns false when it had not by the deadline.
   * @param betweenLooks what to do before looking again, instead of waiting a little
   */
  async waitUntilArrived(
    timeoutMs: number,
    signal?: AbortSignal,
    betweenLooks: () => Promise<unknown> = () => delay(lookEveryMs),
  ): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!this.everythingArrived()) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0 || signal?.aborted) return false;
      await Promise.race([betweenLooks(), wait(leftMs)]);
    }
    return true;
  }

  /** What became of the messages of the producers here. */
  outcomesPart(): LedgerPart {
    const producers = this.options.producerNumbers.map((producer) => {
      const { maybeTaken, notAcknowledged } = this.ledgers[producer] as ProducerLedger;
      return { producer, maybeTaken, notAcknowledged };
    });
    return { kind: 'outcomes', producers };
  }

  /** What has arrived at the consumers here so far. */
  receivedPart(): LedgerPart {
    return {
      kind: 'received',
      producers: this.ledgers.map(({ received }, producer) => ({ producer, received })),
    };
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

  /** Ends the counting on the consumers, and the gathering. Resolves once all they counted is here. */
  async finishConsuming(): Promise<Finished[]> {
    const finished = this.options.consumers.map((consumer) => this.finished(consumer));
    for (const consumer of this.options.consumers) consumer.send({ type: 'finish', run: this.options.run });
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

  private gather(report: ThreadReport): void {
    if (report.type === 'produced' && report.run === this.options.run) this.produced.add(report.interval);
    if (report.type === 'consumed' && report.run === this.options.run) this.consumed.add(report.interval);
  }

  private async begin(consumer: LoadThread): Promise<void> {
    const begun = consumer.report('begun', (report) => report.run === this.options.run);
    consumer.send({ type: 'run', order: this.order() });
    await begun;
  }

  private finished(thread: LoadThread): Promise<Finished> {
    return thread.report('finished', (report) => report.run === this.options.run);
  }

  /** The orders for one thread, with counters of its own. */
  private order(): RunOrder {
    const counters = allocateCounters();
    this.counters.push(counters);
    const { run, startMicros, steps, settleTimeoutMs } = this.options;
    return {
      run,
      startMicros,
      durationSeconds: this.durationSeconds,
      steps,
      ledgers: this.memories,
      counters,
      settleTimeoutMs,
    };
  }
}
