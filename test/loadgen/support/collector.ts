import { setTimeout as delay } from 'node:timers/promises';
import type {
  ConsumerContext,
  Driver,
  DriverConsumer,
  DriverProducer,
  ProducerContext,
} from '../../../loadgen/drivers/driver.ts';
import { monotonicMicros } from '../../../loadgen/measure/clock.ts';
import { readSequence } from '../../../loadgen/measure/header.ts';
import type { Outcome } from '../../../loadgen/measure/ledger.ts';
import { MessagePool } from '../../../loadgen/measure/message-pool.ts';
import { until } from '../../support/until.ts';

/** Runs a driver's clients in the test's own thread, and collects what they report. */
export class Collector {
  readonly outcomes = new Map<number, Outcome>();
  /** Of what was not acknowledged, where the driver said why. */
  readonly reasons = new Map<number, string>();
  /** Partition of each sequence that arrived, copies included. */
  readonly arrivals: { sequence: number; partition: number; consumer: number; bytes: number }[] = [];
  readonly assigned: number[][] = [];
  readonly problems: string[] = [];
  throttled = 0;
  /** Messages that were refused and sent again, by the reason. */
  readonly throttledFor = new Map<string, number>();
  /** Messages that were sent again after a doubt. */
  doubted = 0;
  settledTwice = 0;
  broken: Error | null = null;
  private readonly clients: (DriverProducer | DriverConsumer)[] = [];
  private readonly pool: MessagePool;
  private next = 0;
  private readonly common: Omit<ProducerContext & ConsumerContext, 'index' | 'count'>;

  constructor(settings: unknown, endpoint: unknown, sessionName: string, messageSizeBytes = 200) {
    this.pool = new MessagePool(messageSizeBytes, 64 * 1024 * 1024);
    this.common = {
      settings,
      endpoint,
      sessionName,
      messageSizeBytes,
      log: (_level, message, details) => this.problems.push(`${message} ${JSON.stringify(details ?? {})}`),
      underWayBytes: 32 * 1024 * 1024,
      payload: { content: 'random' },
      settle: (messages, outcome, reason) => {
        for (const message of messages) {
          this.settle(message.sequence, outcome, reason);
          this.pool.giveBack(message);
        }
      },
      settleBatch: ({ sequences, count }, outcome, reason) => {
        for (const sequence of sequences.subarray(0, count)) this.settle(sequence, outcome, reason);
      },
      throttled: (messages, reason = 'no reason given') => {
        this.throttled += messages;
        this.throttledFor.set(reason, (this.throttledFor.get(reason) ?? 0) + messages);
      },
      doubted: (messages) => {
        this.doubted += messages;
      },
      receive: () => {},
      assigned: () => {},
      broken: (error) => {
        this.broken = error;
      },
    };
  }

  async openProducer(driver: Driver): Promise<DriverProducer> {
    const producer = await driver.createProducer({ ...this.common, index: 0, count: 1 });
    this.clients.push(producer);
    return producer;
  }

  async openConsumers(driver: Driver, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, index) => this.openConsumer(driver, index, count)));
  }

  async openConsumer(driver: Driver, index: number, count: number): Promise<void> {
    const consumer = await driver.createConsumer({
      ...this.common,
      index,
      count,
      receive: (partition, value, _arrivedMicros, offset = 0, length = value.length) =>
        this.arrivals.push({
          sequence: readSequence(value, offset),
          partition,
          consumer: index,
          bytes: length,
        }),
      assigned: (partitions) => {
        this.assigned[index] = partitions;
      },
    });
    this.clients.push(consumer);
  }

  /** Sends messages, and waits until all are settled. */
  async send(
    producer: DriverProducer,
    count: number,
    key: (sequence: number) => string | null = () => null,
  ): Promise<void> {
    for (let sent = 0; sent < count; sent++) {
      const sequence = this.next++;
      const origin = { session: 1, round: 1, producer: 0 };
      const text = key(sequence);
      const keyBytes = text === null ? null : Buffer.from(text);
      const sentMicros = monotonicMicros();
      if ('append' in producer) {
        const due = { origin, sequence, intendedMicros: 0, sentMicros, key: keyBytes };
        await until('room for a message', () => producer.append(due));
      } else {
        const message = this.pool.take(origin, sequence, 0);
        if (!message) throw new Error('the pool is empty');
        message.key = keyBytes;
        message.sentMicros = sentMicros;
        producer.send(message);
      }
      if (sent % 100 === 99) await delay(1);
    }
    producer.flush();
    // Longer than clients go on trying.
    await until(`${this.next} outcomes`, () => this.outcomes.size === this.next);
  }

  private settle(sequence: number, outcome: Outcome, reason?: string): void {
    if (this.outcomes.has(sequence)) this.settledTwice++;
    this.outcomes.set(sequence, outcome);
    if (reason !== undefined) this.reasons.set(sequence, reason);
  }

  async received(count: number): Promise<void> {
    await until(
      `${count} arrivals`,
      () => new Set(this.arrivals.map(({ sequence }) => sequence)).size >= count,
    );
  }

  count(outcome: Outcome): number {
    return [...this.outcomes.values()].filter((value) => value === outcome).length;
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.splice(0).map((client) => client.close()));
  }
}
