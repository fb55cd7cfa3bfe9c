import type { Refusal } from '../../src/contracts/documents/load-parts.ts';
import { counterIndex } from '../measure/counters.ts';
import { record } from '../measure/latency-counts.ts';
import { type Outcome, type ProducerLedger, settle } from '../measure/ledger.ts';
import type { Pace } from '../measure/pacer.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { SelfWatch, Usage } from '../usage/self-watch.ts';
import type { produceLatencies, produceSums, RoundOrder } from './protocol.ts';
import type { Refusals } from './refusals.ts';

export interface ProducerResult {
  scheduled: number;
  handed: number;
  refusals: Refusal[];
  /** null where it never began. */
  usage: Usage | null;
}

/** A round that has not begun. */
export interface PreparedRound {
  order: RoundOrder;
  pace: Pace;
  ledger: ProducerLedger;
  finish(result: ProducerResult): void;
}

/** Everything of the round that is under way. */
export interface CurrentRound extends PreparedRound {
  startMicros: number;
  watch: SelfWatch;
  counters: Float64Array;
  recorder: Recorder<(typeof produceSums)[number], (typeof produceLatencies)[number]>;
  endMicros: number;
  refusals: Refusals;
  handed: number;
  /** Of those handed, not settled. */
  underWay: number;
  /** Whether what is due waits for the product to settle what is under way. */
  waitsForRoom: boolean;
  /** When there was room again. */
  roomMicros: number;
  /** When sending stopped, and how long what is under way may still take. */
  stopped: { atMicros: number; giveUpMicros: number } | null;
}

/** Notes what became of a message, and its latencies. Returns 1, or 0 when that was noted before. */
export function settleOne(
  { ledger, recorder }: CurrentRound,
  sequence: number,
  outcome: Outcome,
  publishMicros: number,
  scheduledMicros: number,
): number {
  if (!settle(ledger, sequence, outcome)) return 0;
  if (outcome === 'acknowledged') {
    record(recorder.latencies.publish, publishMicros);
    record(recorder.latencies.publishScheduled, scheduledMicros);
  }
  return 1;
}

/** Counts messages that were settled together. */
export function addOutcomes(
  current: CurrentRound,
  { outcome, reason, count }: { outcome: Outcome; reason: string | undefined; count: number },
  now: number,
): void {
  const { sums } = current.recorder;
  current.underWay -= count;
  sums[outcome] += count;
  add(current.counters, outcome, count);
  if (outcome !== 'acknowledged') current.refusals.add(outcome, count, reason);
  else if (now <= current.endMicros) sums.acknowledgedInTime += count;
  if (current.waitsForRoom) {
    current.waitsForRoom = false;
    current.roomMicros = now;
  }
}

export function add(counters: Float64Array, name: keyof typeof counterIndex, count: number): void {
  const index = counterIndex[name];
  counters[index] = (counters[index] ?? 0) + count;
}
