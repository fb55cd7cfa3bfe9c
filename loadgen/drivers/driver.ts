import type { Clients } from '../../src/contracts/documents/load-parts.ts';
import type { Workload } from '../../src/contracts/input/workload.ts';
import type { Outcome } from '../measure/ledger.ts';
import type { DueMessage, MessageBatch } from '../measure/message-batch.ts';
import type { OutgoingMessage } from '../measure/message-pool.ts';

/**
 * How the load generator speaks to one technology. A driver is a module that exports `driver`; each producer and each
 * consumer runs in a thread of its own, which loads the module by itself. `defineDriver` makes one; README.md beside this
 * file says how to write one so that its numbers compare.
 */
export interface Driver {
  /** Whether the technology promises that one producer's messages keep their order within a partition or shard. */
  keepsOrder: boolean;
  /** The client libraries in use under these settings, with their versions, and what is added to them. */
  clients(settings: unknown): Clients;
  /** Connects a producer; resolves once it can send. */
  createProducer(context: ProducerContext): Promise<DriverProducer>;
  /** Connects a consumer that reads all there is from the oldest message on; resolves once it reads. */
  createConsumer(context: ConsumerContext): Promise<DriverConsumer>;
  /**
   * Deletes all messages that the product holds for the experiment. Called after a probe or a rung of which everything has
   * arrived, so that each begins with a product as empty as the first one did, and a search of many fills no disk. Left out
   * where a product cannot, or need not.
   * @throws what the product answered
   */
  empty?(context: DriverContext): Promise<void>;
}

/** What a driver is given; settings and endpoint are typed for those who got it through `defineDriver`. */
export interface DriverContext<Settings = unknown, Endpoint = unknown> {
  /** Complete settings, by the technology's schema. */
  settings: Settings;
  /** By the technology's endpoint schema. */
  endpoint: Endpoint;
  /** Unique to the session; for consumer groups and client ids. Letters, digits and hyphens. */
  sessionName: string;
  /** Number of this producer or consumer, from 0, and how many there are in the session. */
  index: number;
  count: number;
  log: Log;
}

export interface ProducerContext<Settings = unknown, Endpoint = unknown>
  extends DriverContext<Settings, Endpoint> {
  messageSizeBytes: number;
  /** Bytes of messages that may be under way; one message or batch always may. The message pool sees to it, too. */
  underWayBytes: number;
  /** What payloads are made of, for a driver that encodes messages by itself. */
  payload: Workload['payload'];
  /**
   * Reports what became of messages; each is reported once, and belongs to the pool again. The array may be used again.
   * - `acknowledged`: the product confirmed it as asked (with Kafka's acks 0: the client wrote it to the socket). The
   *   publish latency ends with this call, so it comes as soon as the client knows
   * - `failed`: certain never to have been taken: every attempt was refused, or never left the client
   * - `indeterminate`: given up on, and some attempt may have been taken. Doubt is never taken back, but by an
   *   acknowledgement
   * @param reason why it was not acknowledged, in the product's own words where it gave any: refusals are counted by it
   */
  settle(messages: readonly OutgoingMessage[], outcome: Outcome, reason?: string): void;
  /** Reports what became of messages that the driver encoded by itself, a batch at a time; outcomes as for `settle`. */
  settleBatch(batch: MessageBatch, outcome: Outcome, reason?: string): void;
  /**
   * Reports that this many messages were refused by the product and are being sent again. Neither lost connections nor
   * refusals after which a message is given up on count.
   */
  throttled(messages: number, reason?: string): void;
  /** Reports that this many messages are being sent again, and may have been taken before: copies may arrive. */
  doubted(messages: number): void;
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
  /**
   * Called at the end of a round: settles at once all that waits, tried or not, and sends it no more. What is under way
   * may still be settled.
   */
  giveUpWaiting(): void;
  /** Gives up on what is under way and closes the client. */
  close(): Promise<void>;
}

export interface ConsumerContext<Settings = unknown, Endpoint = unknown>
  extends DriverContext<Settings, Endpoint> {
  /**
   * Reports a message that an application would be given now, further copies included.
   * @param partition number of the partition or shard, from 0
   * @param value holds the message, at `offset` with `length`; without them, it is the whole of it
   * @param arrivedMicros when an application could begin with it, monotonic; read once for all that came together
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
