import type { Product } from '../../src/contracts/documents/product.ts';
import type { Workload } from '../../src/contracts/input/workload.ts';
import type { Outcome } from '../measure/ledger.ts';
import type { DueMessage, MessageBatch } from '../measure/message-batch.ts';
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
  /** Bytes of messages that may be under way; one message or batch always may. The message pool sees to it, too. */
  underWayBytes: number;
  /** What payloads are made of, for a driver that encodes messages by itself. */
  payload: Workload['payload'];
  /**
   * Reports what became of messages; each is reported once, and belongs to the pool again.
   * - `acknowledged`: the product confirmed it as asked (with Kafka's acks 0: the client wrote it to the socket)
   * - `failed`: refused for good, and certain never to have been taken
   * - `indeterminate`: given up on, and unknown whether it was taken
   */
  settle(messages: readonly OutgoingMessage[], outcome: Outcome): void;
  /** Reports what became of messages that the driver encoded by itself, a batch at a time; outcomes as for `settle`. */
  settleBatch(batch: MessageBatch, outcome: Outcome): void;
  /** Reports that this many messages were refused and are about to be sent again. */
  throttled(messages: number): void;
}

/** Takes ready-made messages, or takes only their headers and keys and encodes them where it wants to have them. */
export type DriverProducer = MessageProducer | EncodingProducer;

export interface MessageProducer extends ProducerEnd {
  /** Takes a message. Never waits and never throws; whatever happens is reported through `settle`. */
  send(message: OutgoingMessage): void;
}

/**
 * For the highest rates: no object and no buffer for each message. The driver writes the header into its own memory,
 * over a payload that lies there already.
 */
export interface EncodingProducer extends ProducerEnd {
  /**
   * Takes a message, like `send`; its end is reported through `settleBatch`. Returns false, having taken nothing, while
   * `underWayBytes` are under way.
   */
  append(message: DueMessage): boolean;
}

interface ProducerEnd {
  /** Called once nothing follows for now: sends what would otherwise wait for company. */
  flush(): void;
  /** Gives up on what is under way and closes the client. */
  close(): Promise<void>;
}

export interface ConsumerContext extends DriverContext {
  /**
   * Reports a message.
   * @param partition number of the partition or shard, from 0
   * @param value holds the message, at `offset` with `length`; without them, it is the whole of it
   * @param arrivedMicros when the client got it, monotonic; read once for all that came together
   */
  receive(partition: number, value: Buffer, arrivedMicros: number, offset?: number, length?: number): void;
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
