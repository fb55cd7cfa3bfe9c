import { BroadcastChannel } from 'node:worker_threads';
import type { Driver } from '../../../loadgen/drivers/driver.ts';
import { monotonicMicros } from '../../../loadgen/measure/clock.ts';
import { readRun } from '../../../loadgen/measure/header.ts';
import type { Outcome } from '../../../loadgen/measure/ledger.ts';
import type { OutgoingMessage } from '../../../loadgen/measure/message-pool.ts';

/**
 * What the fake product did on purpose, counted as it did it; it says what a right ledger must say. Only of measured
 * runs, not of the warm-up.
 */
export const truthNames = [
  'sent',
  'acknowledged',
  'failed',
  'indeterminate',
  'received',
  'lost',
  'duplicated',
  'reordered',
  'unexpected',
] as const;
export type Truth = Record<(typeof truthNames)[number], number>;

export interface FakeEndpoint {
  /** Of the channel between the producers' and the consumers' threads. */
  channel: string;
  partitions: number;
  seed: number;
  /** One Float64Array of `truthNames` for each producer. */
  truth: SharedArrayBuffer[];
  /** Probabilities. */
  faults: Partial<Record<'fail' | 'doubt' | 'lose' | 'duplicate' | 'overtake' | 'foreign', number>>;
  /** Outcomes come this late at most, in no order. */
  settleMs?: number;
  /** Holds all answers from one sequence on until another arrives, which never happens if sending waits for answers. */
  stall?: { from: number; until: number };
  /** Answers nothing. */
  mute?: boolean;
  refuseAll?: boolean;
  /** The first consumer's thread dies at this many messages. */
  dieAfter?: number;
  /** Connecting takes for ever. */
  hang?: boolean;
}

interface Delivery {
  partition: number;
  value: Uint8Array;
}

/** A small, fast generator of numbers in [0, 1); the same seed gives the same numbers. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const driver: Driver = {
  keepsOrder: true,
  clients: () => ({ producer: { name: 'fake', version: '1' }, consumer: { name: 'fake', version: '1' } }),

  async createProducer(context) {
    const endpoint = context.endpoint as FakeEndpoint;
    if (endpoint.hang) await new Promise(() => {});
    const { faults, partitions } = endpoint;
    const random = seededRandom(endpoint.seed + context.index);
    const happens = (fault: keyof FakeEndpoint['faults']) => random() < (faults[fault] ?? 0);
    const truth = new Float64Array(endpoint.truth[context.index] as SharedArrayBuffer);
    const count = (message: OutgoingMessage, name: keyof Truth) => {
      const index = truthNames.indexOf(name);
      if (readRun(message.value) > 0) truth[index] = (truth[index] ?? 0) + 1;
    };
    const channel = new BroadcastChannel(endpoint.channel);
    const latest = new Map<number, number>();
    const overtaken = new Map<number, OutgoingMessage[]>();
    const delivered = new Set<string>();
    const held: OutgoingMessage[] = [];

    const answer = (message: OutgoingMessage, outcome: Outcome) => {
      count(message, outcome);
      const settleMs = endpoint.settleMs ?? 0;
      if (settleMs === 0) context.settle([message], outcome);
      else setTimeout(() => context.settle([message], outcome), random() * settleMs);
    };
    /** Hands a copy to the consumers, and keeps account of what they must make of it. */
    const deliver = (
      message: Pick<OutgoingMessage, 'value' | 'sequence'>,
      partition: number,
      run: number,
    ) => {
      channel.postMessage({ partition, value: new Uint8Array(message.value) } satisfies Delivery);
      const id = `${run}:${message.sequence}`;
      const counted = message as OutgoingMessage;
      if (delivered.has(id)) return count(counted, 'duplicated');
      delivered.add(id);
      count(counted, 'received');
      const key = run * partitions + partition;
      if (message.sequence < (latest.get(key) ?? -1)) count(counted, 'reordered');
      else latest.set(key, message.sequence);
    };
    const take = (message: OutgoingMessage) => {
      const run = readRun(message.value);
      const partition = message.sequence % partitions;
      count(message, 'sent');
      if (endpoint.refuseAll) {
        context.log('warn', 'the fake product refuses everything');
        return answer(message, 'failed');
      }
      if (happens('foreign')) {
        channel.postMessage({ partition, value: new Uint8Array(64) } satisfies Delivery);
        count(message, 'unexpected');
      }
      if (happens('fail')) return answer(message, 'failed');
      const doubt = happens('doubt');
      const lose = happens('lose');
      if (lose && !doubt) count(message, 'lost');
      if (!lose) {
        const copies = happens('duplicate') ? 2 : 1;
        // The buffer is used again once answered, so what is delivered later needs its own.
        const copy = { ...message, value: Buffer.from(message.value) };
        const waiting = overtaken.get(partition) ?? [];
        if (happens('overtake') && waiting.length === 0) {
          overtaken.set(
            partition,
            Array.from({ length: copies }, () => copy),
          );
        } else {
          for (let each = 0; each < copies; each++) deliver(copy, partition, run);
          for (const late of waiting) deliver(late, partition, readRun(late.value));
          overtaken.delete(partition);
        }
      }
      answer(message, doubt ? 'indeterminate' : 'acknowledged');
    };
    return {
      send(message) {
        if (endpoint.mute && readRun(message.value) > 0) return;
        const { stall } = endpoint;
        if (
          stall &&
          readRun(message.value) > 0 &&
          message.sequence >= stall.from &&
          message.sequence < stall.until
        ) {
          held.push(message);
          return;
        }
        for (const waiting of held.splice(0)) take(waiting);
        take(message);
      },
      flush() {
        for (const [partition, waiting] of overtaken) {
          for (const late of waiting) deliver(late, partition, readRun(late.value));
        }
        overtaken.clear();
      },
      async close() {
        channel.close();
      },
    };
  },

  async createConsumer(context) {
    const endpoint = context.endpoint as FakeEndpoint;
    const channel = new BroadcastChannel(endpoint.channel);
    const mine = Array.from({ length: endpoint.partitions }, (_, partition) => partition).filter(
      (partition) => partition % context.count === context.index,
    );
    let messages = 0;
    channel.onmessage = (event) => {
      const { partition, value } = (event as unknown as { data: Delivery }).data;
      if (!mine.includes(partition)) return;
      if (++messages === endpoint.dieAfter && context.index === 0) throw new Error('the fake consumer died');
      context.receive(
        partition,
        Buffer.from(value.buffer, value.byteOffset, value.byteLength),
        monotonicMicros(),
      );
    };
    context.assigned(mine, endpoint.partitions);
    return {
      async close() {
        channel.close();
      },
    };
  },
};
