import { monotonicMicros } from '../measure/clock.ts';
import { counterIndex } from '../measure/counters.ts';
import {
  hasHeader,
  readIntendedMicros,
  readProducer,
  readRound,
  readSequence,
  readSession,
} from '../measure/header.ts';
import { record } from '../measure/latency-counts.ts';
import { openLedger, type ProducerLedger, receive } from '../measure/ledger.ts';
import { Recorder } from '../measure/recorder.ts';
import { type ConsumeInterval, consumeLatencies, consumeSums, type RoundOrder } from './protocol.ts';
import { SelfWatch, type Usage } from './self-watch.ts';

export interface ConsumerLoopOptions {
  session: number;
  /** Whether to look for messages that overtook others. */
  keepsOrder: boolean;
  onInterval(round: number, interval: ConsumeInterval): void;
}

interface CurrentRound {
  order: RoundOrder;
  ledgers: ProducerLedger[];
  counters: Float64Array;
  recorder: Recorder<(typeof consumeSums)[number], (typeof consumeLatencies)[number]>;
  endMicros: number;
  /** The highest sequence that arrived so far, by partition and producer. */
  latest: Map<number, number[]>;
  /** First copies, by the partition's number. */
  perPartition: number[];
  timer: NodeJS.Timeout;
}

/** How often a consumer that receives nothing looks whether a second has passed. */
const advanceEveryMs = 100;

/** Classifies every message that one consumer receives. */
export class ConsumerLoop {
  private readonly options: ConsumerLoopOptions;
  private readonly watch = new SelfWatch();
  private current: CurrentRound | null = null;

  constructor(options: ConsumerLoopOptions) {
    this.options = options;
  }

  /** Counts the messages of this round from now on. */
  begin(order: RoundOrder): void {
    if (this.current) clearInterval(this.current.timer);
    const recorder = new Recorder(consumeSums, consumeLatencies, order.startMicros, (interval) =>
      this.options.onInterval(order.round, interval),
    );
    this.current = {
      order,
      ledgers: order.ledgers.map(openLedger),
      counters: new Float64Array(order.counters),
      recorder,
      endMicros: order.startMicros + order.durationSeconds * 1e6,
      latest: new Map(),
      perPartition: [],
      timer: setInterval(() => recorder.advanceTo(monotonicMicros()), advanceEveryMs),
    };
    this.watch.start();
  }

  /** Hands out what has been counted and counts no more. Returns what the thread used, and first copies by partition. */
  finish(round: number): { usage: Usage; perPartition: number[] } | null {
    const current = this.current;
    if (current?.order.round !== round) return null;
    clearInterval(current.timer);
    current.recorder.flush();
    this.current = null;
    // A partition from which nothing came is one of them, too.
    const perPartition = Array.from(current.perPartition, (messages) => messages ?? 0);
    return { usage: this.watch.stop(), perPartition };
  }

  /**
   * For the driver: a message arrived. Of the current round it is counted as received, or duplicated. Of an earlier round
   * or session it is a leftover, recognised and left out. Everything else is `unexpected`: not made by this session.
   */
  receive(partition: number, value: Buffer, arrivedMicros: number, offset = 0, length = value.length): void {
    const current = this.current;
    if (!current) return;
    const { recorder, counters } = current;
    recorder.advanceTo(arrivedMicros);
    const ledger = hasHeader(value, offset, length) ? this.ledgerOf(current, value, offset) : null;
    if (ledger === 'leftover') return;
    const sequence = ledger ? readSequence(value, offset) : 0;
    if (!ledger || sequence >= ledger.total) {
      recorder.sums.unexpected++;
      increment(counters, counterIndex.unexpected);
      return;
    }
    if (!receive(ledger, sequence)) {
      recorder.sums.duplicated++;
      increment(counters, counterIndex.duplicated);
      return;
    }
    recorder.sums.received++;
    recorder.sums.microsLeft += recorder.endMicros - arrivedMicros;
    // −1 where the driver does not know it.
    if (partition >= 0) current.perPartition[partition] = (current.perPartition[partition] ?? 0) + 1;
    increment(counters, counterIndex.received);
    if (arrivedMicros <= current.endMicros) recorder.sums.receivedInTime++;
    record(recorder.latencies.endToEnd, arrivedMicros - readIntendedMicros(value, offset));
    if (
      this.options.keepsOrder &&
      this.overtaken(current, partition, readProducer(value, offset), sequence)
    ) {
      recorder.sums.reordered++;
      increment(counters, counterIndex.reordered);
    }
  }

  private ledgerOf(current: CurrentRound, value: Buffer, offset: number): ProducerLedger | 'leftover' | null {
    const session = readSession(value, offset);
    if (session !== this.options.session) return session < this.options.session ? 'leftover' : null;
    const round = readRound(value, offset);
    if (round !== current.order.round) return round < current.order.round ? 'leftover' : null;
    return current.ledgers[readProducer(value, offset)] ?? null;
  }

  private overtaken(current: CurrentRound, partition: number, producer: number, sequence: number): boolean {
    let latest = current.latest.get(partition);
    if (!latest) {
      latest = current.ledgers.map(() => -1);
      current.latest.set(partition, latest);
    }
    if (sequence < (latest[producer] ?? -1)) return true;
    latest[producer] = sequence;
    return false;
  }
}

function increment(counters: Float64Array, index: number): void {
  counters[index] = (counters[index] ?? 0) + 1;
}
