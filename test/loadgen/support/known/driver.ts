import { BroadcastChannel } from 'node:worker_threads';
import type {
  Driver,
  DriverConsumer,
  DriverProducer,
  ProducerContext,
} from '../../../../loadgen/drivers/driver.ts';
import { monotonicMicros } from '../../../../loadgen/measure/clock.ts';
import {
  headerBytes,
  readProducer,
  readRound,
  readSequence,
  writeMessage,
  writeOrigin,
} from '../../../../loadgen/measure/header.ts';
import { MessageBatch } from '../../../../loadgen/measure/message-batch.ts';
import type { OutgoingMessage } from '../../../../loadgen/measure/message-pool.ts';
import {
  type Answer,
  channels,
  type Delivery,
  type Hold,
  type KnownEndpoint,
  note,
  type SentMessage,
} from './product.ts';

/** The round whose messages are noted. */
const notedRound = 1;

/** Holds this thread up from its first measured message on, and notes what it used of the processor meanwhile. */
function holder(endpoint: KnownEndpoint, role: Hold['role']): () => void {
  const { hold } = endpoint;
  if (hold?.role !== role) return () => {};
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    const cpu = process.threadCpuUsage();
    const sinceMs = performance.now();
    const holding = setInterval(() => {
      const nowMs = performance.now();
      if (nowMs - sinceMs >= hold.lastsMs) {
        clearInterval(holding);
        const { user, system } = process.threadCpuUsage(cpu);
        new Float64Array(endpoint.used).set([user + system, (nowMs - sinceMs) * 1_000]);
      } else if (hold.how === 'pause') {
        Atomics.wait(sleeper, 0, 0, hold.forMs);
      } else {
        while (performance.now() - nowMs < hold.forMs);
      }
    }, hold.everyMs);
  };
}

interface Waiting {
  settle(outcome: Answer['outcome']): void;
}

function createProducer(context: ProducerContext): DriverProducer {
  const endpoint = context.endpoint as KnownEndpoint;
  const notes = new Float64Array(endpoint.notes[context.index] as SharedArrayBuffer);
  const hold = holder(endpoint, 'producer');
  const sent = new BroadcastChannel(channels.sent(endpoint.channel));
  const answers = new BroadcastChannel(channels.answers(endpoint.channel, context.index));
  const waiting = new Map<string, Waiting>();
  const publish = (
    { intendedMicros, sentMicros }: Pick<OutgoingMessage, 'intendedMicros' | 'sentMicros'>,
    message: Omit<SentMessage, 'producer'>,
    settle: Waiting['settle'],
  ) => {
    if (message.round === notedRound) {
      if (context.index === 0 && message.sequence === 0) {
        new Float64Array(endpoint.anchor)[0] = intendedMicros;
      }
      note(notes, message.sequence, 'handed', sentMicros);
      note(notes, message.sequence, 'sent', monotonicMicros());
      hold();
    }
    waiting.set(`${message.round}:${message.sequence}`, { settle });
    const { aheadMs } = endpoint;
    if (aheadMs) {
      const value = Buffer.from(message.value.buffer);
      writeMessage(value, message.sequence, intendedMicros + aheadMs * 1_000);
    }
    sent.postMessage({ producer: context.index, ...message } satisfies SentMessage);
  };
  answers.onmessage = (event) => {
    const { round, sequence, outcome, afterDoubt } = (event as unknown as { data: Answer }).data;
    const key = `${round}:${sequence}`;
    const one = waiting.get(key);
    waiting.delete(key);
    if (afterDoubt) context.doubted(1);
    const isNoted = round === notedRound && outcome === 'acknowledged';
    if (isNoted) note(notes, sequence, 'confirmed', monotonicMicros());
    one?.settle(outcome);
    if (isNoted) note(notes, sequence, 'settled', monotonicMicros());
  };
  const end = {
    flush() {},
    giveUpWaiting() {},
    async close() {
      sent.close();
      answers.close();
    },
  };
  if (endpoint.encodes) {
    return {
      ...end,
      append(due) {
        if (typeof endpoint.encodes === 'number' && waiting.size >= endpoint.encodes) return false;
        const value = Buffer.alloc(Math.max(headerBytes, context.messageSizeBytes));
        writeOrigin(value, due.origin);
        writeMessage(value, due.sequence, due.intendedMicros);
        const batch = new MessageBatch(1);
        batch.begin(due.origin.round);
        batch.add(due);
        const { round } = due.origin;
        const { sequence } = due;
        publish(due, { round, sequence, value }, (outcome) => context.settleBatch(batch, outcome));
        return true;
      },
    };
  }
  return {
    ...end,
    send(message: OutgoingMessage) {
      const { round, sequence, value } = message;
      publish(message, { round, sequence, value: new Uint8Array(value) }, (outcome) =>
        context.settle([message], outcome),
      );
    },
  };
}

export const driver: Driver = {
  keepsOrder: false,
  clients: () => ({
    producer: { name: 'known', version: '1', adds: [] },
    consumer: { name: 'known', version: '1', adds: [] },
  }),

  createProducer: async (context) => createProducer(context),

  async createConsumer(context): Promise<DriverConsumer> {
    const endpoint = context.endpoint as KnownEndpoint;
    const notes = endpoint.notes.map((memory) => new Float64Array(memory));
    const hold = holder(endpoint, 'consumer');
    const deliveries = new BroadcastChannel(channels.deliveries(endpoint.channel));
    const mine = Array.from({ length: endpoint.partitions }, (_, partition) => partition).filter(
      (partition) => partition % context.count === context.index,
    );
    deliveries.onmessage = (event) => {
      const { partition, value } = (event as unknown as { data: Delivery }).data;
      if (!mine.includes(partition)) return;
      const arrivedMicros = monotonicMicros();
      const message = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      if (readRound(message) === notedRound) {
        note(notes[readProducer(message)] as Float64Array, readSequence(message), 'arrived', arrivedMicros);
        hold();
      }
      context.receive(partition, message, arrivedMicros);
    };
    context.assigned(mine, endpoint.partitions);
    return {
      async close() {
        deliveries.close();
      },
    };
  },
};
