import type { Product } from '../../src/contracts/result.ts';
import type { Outcome } from '../measure/ledger.ts';
import type { OutgoingMessage } from '../measure/message-pool.ts';

/**
 * How the load generator speaks to one technology. A driver is a module that exports `driver`; each producer and each
 * consumer runs in a thread of its own, which loads the module by itself.
 *
 * @example
 * export const driver: Driver = { keepsOrder: true, clients, createProducer, createConsumer };
 */
export interface Driver {
  /** Whether the technology promises that one producer's messages keep their order within a partition or shard. */
  keepsOrder: boolean;
  /** The client libraries in use under these settings, with their versions. */
  clients(settings: unknown): { producer: Product; consumer: Product };
  /** Connects a producer; resolves once it can send. */
  createProducer(context: ProducerContext): Promise<DriverProducer>;
  /** Connects a consumer that reads all there is from the oldest message on; resolves once it reads. */
  createConsumer(context: ConsumerContext): Promise<DriverConsumer>;
}

export interface DriverContext {
  /** Complete settings, by the technology's schema. */
  settings: unknown;
  /** By the technology's endpoint schema. */
  endpoint: unknown;
  /** Unique to the session; for consumer groups and client ids. Letters, digits and hyphens. */
  sessionName: string;
  /** Number of this producer or consumer, from 0, and how many there are in the session. */
  index: number;
  count: number;
  log: Log;
}

export interface ProducerContext extends DriverContext {
  messageSizeBytes: number;
  /**
   * Reports what became of messages; each is reported once, and belongs to the pool again.
   * - `acknowledged`: the product confirmed it as asked (with Kafka's acks 0: the client wrote it to the socket)
   * - `failed`: refused for good, and certain never to have been taken
   * - `indeterminate`: given up on, and unknown whether it was taken
   */
  settle(messages: readonly OutgoingMessage[], outcome: Outcome): void;
  /** Reports that this many messages were refused and are about to be sent again. */
  throttled(messages: number): void;
}

export interface DriverProducer {
  /** Takes a message. Never waits and never throws; whatever happens is reported through `settle`. */
  send(message: OutgoingMessage): void;
  /** Called once nothing follows for now: sends what would otherwise wait for company. */
  flush(): void;
  /** Gives up on what is under way and closes the client. */
  close(): Promise<void>;
}

export interface ConsumerContext extends DriverContext {
  /**
   * Reports a message.
   * @param partition number of the partition or shard, from 0
   * @param arrivedMicros when the client got it, monotonic; read once for all that came together
   */
  receive(partition: number, value: Buffer, arrivedMicros: number): void;
  /** Reports which partitions the consumer reads, whenever that changes, of how many. */
  assigned(partitions: number[], total: number): void;
  /** Reports that the consumer is broken for good. */
  broken(error: Error): void;
}

export interface DriverConsumer {
  close(): Promise<void>;
}

/** Structured log line: what happened, and details. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  details?: Record<string, unknown>,
) => void;
