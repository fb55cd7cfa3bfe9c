import { batchHeaderBytes, recordBytes } from '../../../src/technologies/kafka/record-size.ts';
import { mostMessagesUnderWay, type OutgoingMessage } from '../../measure/message-pool.ts';
import type { DriverProducer } from '../driver.ts';
import type { AttemptResult } from '../sender/attempts.ts';
import type { Batch, BatchContent } from '../sender/batcher.ts';
import { BatchSender } from './batch-sender.ts';
import type { KafkaProducerContext } from './kafka-client.ts';

/** The messages of a batch as they are, for a library that encodes them; its size is what they come to then. */
class MessageList implements BatchContent<OutgoingMessage> {
  readonly messages: OutgoingMessage[] = [];
  bytes = batchHeaderBytes;
  private readonly mostBytes: number;

  constructor(mostBytes: number) {
    this.mostBytes = mostBytes;
  }

  append(message: OutgoingMessage): boolean {
    const index = this.messages.length;
    const { key, value } = message;
    const keyBytes = key?.length ?? -1;
    const bytes = this.bytes + recordBytes({ index, keyBytes, valueBytes: value.length });
    if (bytes > this.mostBytes && index > 0) return false;
    this.messages.push(message);
    this.bytes = bytes;
    return true;
  }
}

export type MessageListBatch = Batch<MessageList>;

export interface LibraryClient {
  leaders: readonly number[];
  maxInFlight?: number;
  partitionOfKey(key: Buffer): number;
  /** Makes one request; at most one batch a partition. Returns what became of each batch. Never rejects. */
  request(batches: readonly MessageListBatch[]): Promise<(batch: MessageListBatch) => AttemptResult>;
  close(): Promise<void>;
}

/** A producer by means of a library that sends what it is given at once: batching and retrying are done above it. */
export function createLibraryProducer(context: KafkaProducerContext, client: LibraryClient): DriverProducer {
  const { batchSizeBytes } = context.settings;
  const most = mostMessagesUnderWay(context.messageSizeBytes, context.underWayBytes);
  let underWay = 0;
  const sender = new BatchSender<OutgoingMessage, MessageList>({
    context,
    leaders: client.leaders,
    maxInFlight: client.maxInFlight,
    partitionOfKey: client.partitionOfKey,
    open: () => new MessageList(batchSizeBytes),
    messagesIn: ({ messages }) => messages.length,
    request: client.request,
    settle: ({ content }, outcome, reason) => {
      underWay -= content.messages.length;
      context.settle(content.messages, outcome, reason);
    },
  });
  return {
    send(message) {
      const batch = sender.append(message);
      if (batch) message.partition = batch.partition;
      underWay++;
      // No more come until some of these are settled, so none of them need wait for company.
      if (underWay >= most) sender.flush();
    },
    flush: () => sender.flush(),
    giveUpWaiting: () => sender.sender.giveUpWaiting(),
    async close() {
      sender.close();
      await client.close();
    },
  };
}
