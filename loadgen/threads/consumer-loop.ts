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
import { SelfWatch, type Usage } from '../usage/self-watch.ts';
import { type ConsumeInterval, consumeLatencies, consumeSums, type RoundOrder } from './protocol.ts';

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
  startMicros: number;
  endMicros: number;
  /** The highest sequence that arrived so far, by partition and producer. */
  latest: Map<number, number[]>;
  /** First copies, by the partition's number. */
  perPartition: number[];
  timer: NodeJS.Timeout;
  /** null until it is known when the schedule begins. */
  watch: SelfWatch | null;
}

/** How often a consumer that receives nothing looks whether a second has passed. */
const advanceEveryMs = 100;

/** Clocks of one host agree to well below this; a start is told by the wall clock, which is set now and then. */
const clockToleranceMicros = { arrival: 1_000, start: 1_000_000 };

/** Classifies every message that one consumer receives. */
export class ConsumerLoop {
  private readonly options: ConsumerLoopOptions;
  private current: CurrentRound | null = null;

  constructor(options: ConsumerLoopOptions) {
    this.options = options;
  }

  /** Counts the messages of this round from now on. */
  begin(order: RoundOrder): void {
    if (this.current) this.end(this.current);
    const current: CurrentRound = {
      order,
      ledgers: order.ledgers.map(openLedger),
      counters: new Float64Array(order.counters),
      ...this.dated(order, order.startMicros),
      latest: new Map(),
      perPartition: [],
      timer: setInterval(() => current.recorder.advanceTo(monotonicMicros()), advanceEveryMs),
      watch: null,
    };
    this.current = current;
  }

  /** Takes note of when the schedule of this round begins. */
  start(round: number, startMicros: number): void {
    const current = this.current;
    if (current?.order.round !== round) return;
    if (startMicros !== current.startMicros) {
      current.recorder.flush();
      Object.assign(current, this.dated(current.order, startMicros));
    }
    current.watch = new SelfWatch(current);
  }

  /** Hands out what has been counted and counts no more. Returns what the thread used, and first copies by partition. */
  finish(round: number): { usage: Usage | null; perPartition: number[] } | null {
    const current = this.current;
    if (current?.order.round !== round) return null;
    this.current = null;
    // A partition from which nothing came is one of them, too.
    const perPartition = Array.from(current.perPartition, (messages) => messages ?? 0);
    return { usage: this.end(current), perPartition };
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
    if (ledger === 'leftover') {
      increment(counters, counterIndex.leftover);
      return;
    }
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
    const intendedMicros = readIntendedMicros(value, offset);
    if (isImpossible(current, intendedMicros, arrivedMicros)) recorder.sums.impossible++;
    record(recorder.latencies.endToEnd, arrivedMicros - intendedMicros);
    if (
      this.options.keepsOrder &&
      this.overtaken(current, partition, readProducer(value, offset), sequence)
    ) {
      recorder.sums.reordered++;
      increment(counters, counterIndex.reordered);
    }
  }

  private dated({ round, durationSeconds }: RoundOrder, startMicros: number) {
    const { onInterval } = this.options;
    return {
      startMicros,
      endMicros: startMicros + durationSeconds * 1e6,
      recorder: new Recorder(consumeSums, consumeLatencies, startMicros, (interval) =>
        onInterval(round, interval),
      ),
    };
  }

  private end({ timer, recorder, watch }: CurrentRound): Usage | null {
    clearInterval(timer);
    recorder.flush();
    return watch?.stop() ?? null;
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

/** Whether the producer's clock and this one cannot be the same. */
function isImpossible({ startMicros }: CurrentRound, intendedMicros: number, arrivedMicros: number): boolean {
  return (
    arrivedMicros < intendedMicros - clockToleranceMicros.arrival ||
    intendedMicros < startMicros - clockToleranceMicros.start
  );
}

function increment(counters: Float64Array, index: number): void {
  counters[index] = (counters[index] ?? 0) + 1;
}
