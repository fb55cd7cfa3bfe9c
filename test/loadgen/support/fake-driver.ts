import { BroadcastChannel } from 'node:worker_threads';
import type { Driver } from '../../../loadgen/drivers/driver.ts';
import { monotonicMicros } from '../../../loadgen/measure/clock.ts';
import { readRound } from '../../../loadgen/measure/header.ts';
import type { Outcome } from '../../../loadgen/measure/ledger.ts';
import type { OutgoingMessage } from '../../../loadgen/measure/message-pool.ts';
import { seededRandom } from '../../../src/contracts/input/grid/random.ts';

/**
 * What the fake product did on purpose, counted as it did it; it says what a right ledger must say. Only of measured
 * rounds, not of the warm-up.
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
  'throttled',
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
  faults: Partial<Record<Fault, number>>;
  /** Messages that are held up reach the consumers this late at most. */
  holdUpMs?: number;
  /** Messages reach the consumers so late, by when they come in, counted from the first; in between, in between. */
  delays?: { atMs: number; ms: number }[];
  /** Consumers of the session, over how many load generators; consumer c belongs to generator c % generators. */
  consumers?: number;
  generators?: number;
  /** Outcomes come this late at most, in no order. */
  settleMs?: number;
  /** Holds all answers from one sequence on until another arrives, which never happens if sending waits for answers. */
  stall?: { from: number; until: number };
  /** Answers nothing. */
  mute?: boolean;
  refuseAll?: boolean;
  /** The first consumer's thread dies at this many messages. */
  dieAfter?: number;
  /** One int that counts how often the product was emptied. */
  emptied?: SharedArrayBuffer;
  /** Refuses to be emptied. */
  keeps?: boolean;
  /** Connecting takes for ever; one int that becomes 1 once it has begun. */
  hang?: SharedArrayBuffer;
}

export const faults = [
  /** Refuses a message, and drops it. */
  'fail',
  /** Refuses a message, and keeps it all the same. */
  'keep',
  /** Cannot say whether it took a message; it did. */
  'doubt',
  /** Drops a message that it acknowledges, or cannot say anything of. */
  'lose',
  /** Hands out a message twice. */
  'duplicate',
  /** Hands out a second copy from another partition. */
  'stray',
  /** Lets the next message of a partition overtake this one. */
  'overtake',
  /** Hands a message out late. */
  'holdUp',
  /** Never answers for a message that it takes. */
  'silence',
  /** Acknowledges a message once its round is over, and the next has begun. */
  'tardy',
  /** Refuses a message for now; the client sends it again. */
  'throttle',
  /** Hands out something that no load generator made. */
  'foreign',
] as const;
export type Fault = (typeof faults)[number];

interface Delivery {
  partition: number;
  value: Uint8Array;
}

/** How late a message is that comes in at a time, on the line through what is given. */
function delayAt(delays: readonly { atMs: number; ms: number }[], atMs: number): number {
  const after = delays.find((one) => one.atMs > atMs);
  const before = delays.findLast((one) => one.atMs <= atMs) ?? after;
  if (!before || !after || after === before) return before?.ms ?? 0;
  const share = (atMs - before.atMs) / (after.atMs - before.atMs);
  return before.ms + share * (after.ms - before.ms);
}

export const driver: Driver = {
  keepsOrder: true,
  clients: () => ({
    producer: { name: 'fake', version: '1', adds: [] },
    consumer: { name: 'fake', version: '1', adds: [] },
  }),

  async empty({ endpoint }) {
    const { emptied, keeps } = endpoint as FakeEndpoint;
    if (emptied) Atomics.add(new Int32Array(emptied), 0, 1);
    if (keeps) throw new Error('not allowed');
  },

  async createProducer(context) {
    const endpoint = context.endpoint as FakeEndpoint;
    if (endpoint.hang) {
      Atomics.store(new Int32Array(endpoint.hang), 0, 1);
      // Open like a socket, which keeps the thread alive.
      await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
    }
    const { faults, partitions } = endpoint;
    const random = seededRandom(endpoint.seed + context.index);
    const happens = (fault: keyof FakeEndpoint['faults']) => random() < (faults[fault] ?? 0);
    const truth = new Float64Array(endpoint.truth[context.index] as SharedArrayBuffer);
    const count = (message: OutgoingMessage, name: keyof Truth) => {
      const index = truthNames.indexOf(name);
      if (readRound(message.value) > 0) truth[index] = (truth[index] ?? 0) + 1;
    };
    const channel = new BroadcastChannel(endpoint.channel);
    const consumerOf = (partition: number) => partition % (endpoint.consumers ?? 1);
    const readerOf = (partition: number) => consumerOf(partition) % (endpoint.generators ?? 1);
    /**
     * Where a stray copy goes. Two consumers of one generator may look at their copies in any order; which of them is
     * the first is then not for the fake to say.
     */
    const strayPartition = (partition: number) => {
      for (let step = 1; step < partitions; step++) {
        const other = (partition + step) % partitions;
        if (consumerOf(other) === consumerOf(partition) || readerOf(other) !== readerOf(partition))
          return other;
      }
      return partition;
    };
    const latest = new Map<string, number>();
    const overtaken = new Map<number, OutgoingMessage[]>();
    /** Where each message has been: anywhere, and at each reader. */
    const delivered = new Set<string>();
    let firstMs: number | null = null;
    const delayNow = () => {
      firstMs ??= performance.now();
      return delayAt(endpoint.delays ?? [], performance.now() - firstMs);
    };
    const held: OutgoingMessage[] = [];
    const tardy: OutgoingMessage[] = [];

    const answer = (message: OutgoingMessage, outcome: Outcome, reason?: string) => {
      count(message, outcome);
      const settleMs = endpoint.settleMs ?? 0;
      if (settleMs === 0) context.settle([message], outcome, reason);
      else setTimeout(() => context.settle([message], outcome, reason), random() * settleMs);
    };
    /** Hands a copy to the consumers, and keeps account of what they must make of it. */
    const deliver = (message: OutgoingMessage, partition: number) => {
      channel.postMessage({ partition, value: new Uint8Array(message.value) } satisfies Delivery);
      const id = `${readRound(message.value)}:${message.sequence}`;
      count(message, delivered.has(id) ? 'duplicated' : 'received');
      delivered.add(id);
      const reader = readerOf(partition);
      if (delivered.has(`${id}:${reader}`)) return;
      delivered.add(`${id}:${reader}`);
      const order = `${readRound(message.value)}:${partition}`;
      if (message.sequence < (latest.get(order) ?? -1)) count(message, 'reordered');
      else latest.set(order, message.sequence);
    };
    const distribute = (message: OutgoingMessage, partition: number) => {
      // The buffer is used again once answered, so what is delivered later needs its own.
      const copy = { ...message, value: Buffer.from(message.value) };
      const copies = Array.from({ length: happens('duplicate') ? 2 : 1 }, () => copy);
      const waiting = overtaken.get(partition) ?? [];
      if (happens('overtake') && waiting.length === 0) {
        overtaken.set(partition, copies);
      } else if (endpoint.delays) {
        const delayMs = delayNow();
        for (const each of copies) setTimeout(() => deliver(each, partition), delayMs);
      } else if (happens('holdUp')) {
        for (const each of copies)
          setTimeout(() => deliver(each, partition), random() * (endpoint.holdUpMs ?? 0));
      } else {
        for (const each of copies) deliver(each, partition);
        for (const late of waiting) deliver(late, partition);
        overtaken.delete(partition);
      }
      if (happens('stray')) deliver(copy, strayPartition(partition));
    };
    const take = (message: OutgoingMessage) => {
      const partition = message.sequence % partitions;
      count(message, 'sent');
      if (endpoint.refuseAll) {
        return answer(message, 'failed', 'CLOSED_TODAY');
      }
      if (happens('foreign')) {
        channel.postMessage({ partition, value: new Uint8Array(64) } satisfies Delivery);
        count(message, 'unexpected');
      }
      if (happens('throttle')) {
        context.throttled(1);
        count(message, 'throttled');
      }
      if (happens('fail')) return answer(message, 'failed', 'FAILED_ON_PURPOSE');
      if (happens('keep')) {
        distribute(message, partition);
        return answer(message, 'failed');
      }
      const [lost, silent, late, doubt] = [
        happens('lose'),
        happens('silence'),
        happens('tardy'),
        happens('doubt'),
      ];
      if (!lost) distribute(message, partition);
      if (silent || late) {
        count(message, 'indeterminate');
        if (late && !silent) tardy.push(message);
        return;
      }
      if (lost && !doubt) count(message, 'lost');
      answer(message, doubt ? 'indeterminate' : 'acknowledged');
    };
    let lastRound = -1;
    return {
      send(message) {
        if (message.round !== lastRound) context.settle(tardy.splice(0), 'acknowledged');
        lastRound = message.round;
        if (endpoint.mute && readRound(message.value) > 0) return;
        const { stall } = endpoint;
        if (
          stall &&
          readRound(message.value) > 0 &&
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
          for (const late of waiting) deliver(late, partition);
        }
        overtaken.clear();
      },
      giveUpWaiting() {},
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
