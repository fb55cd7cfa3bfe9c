import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { kinesisQuotas } from '../../../src/technologies/kinesis.ts';
import { monotonicMicros } from '../../measure/clock.ts';
import type { DriverConsumer } from '../driver.ts';
import { connectKinesis } from './connection.ts';
import { failureOfRequest, isThrottle } from './errors.ts';
import { pollIntervalMs, ReadPace } from './read-pace.ts';
import {
  asBuffer,
  type KinesisConsumerContext,
  type ReadShard,
  readShare,
  ShardReader,
} from './shard-reader.ts';

const retryMs = 250;

/** Polls every k-th shard of the stream, k being the number of consumers; resolves once each was read once. */
export async function createKinesisConsumer(context: KinesisConsumerContext): Promise<DriverConsumer> {
  const client = connectKinesis(context.endpoint, 256);
  return readShare(new PollingReader(client, context), client, context, pollIntervalMs);
}

class PollingReader extends ShardReader {
  private readonly client: KinesisClient;

  constructor(client: KinesisClient, context: KinesisConsumerContext) {
    super(context);
    this.client = client;
  }

  protected end(): void {
    this.client.destroy();
  }

  protected async readAll(shard: ReadShard): Promise<void> {
    let iterator: string | undefined;
    let lastSequence: string | undefined;
    const pace = new ReadPace();
    await this.pause(shard.delayMs);
    while (!this.closing.signal.aborted) {
      const startedMs = performance.now();
      try {
        iterator ??= await this.iterator(shard.id, lastSequence);
        const answer = await this.client.send(
          new GetRecordsCommand({ ShardIterator: iterator, Limit: kinesisQuotas.getRecords.maxRecords }),
        );
        const now = monotonicMicros();
        const answeredMs = performance.now();
        let bytes = 0;
        for (const { Data } of answer.Records ?? []) {
          if (!Data) continue;
          bytes += Data.length;
          this.context.receive(shard.number, asBuffer(Data), now);
        }
        lastSequence = answer.Records?.at(-1)?.SequenceNumber ?? lastSequence;
        shard.onFirst();
        if (!answer.NextShardIterator) {
          this.readChildren(shard, answer.ChildShards);
          return;
        }
        iterator = answer.NextShardIterator;
        await this.pause(pace.answered(startedMs, answeredMs, bytes) - performance.now());
      } catch (error) {
        if (this.closing.signal.aborted) return;
        const failure = failureOfRequest(error);
        if (isThrottle(failure)) {
          // Nothing was lost: the same iterator goes on. Somebody else may read the stream, too.
          const againMs = pace.answered(startedMs, performance.now(), 0);
          await this.pause(againMs - performance.now());
          continue;
        }
        const expired = (error as Error).name === 'ExpiredIteratorException';
        if (!failure.retriable && !expired) throw error;
        // A fresh iterator goes on after the last record that arrived; after an answer that was lost, that is needed.
        iterator = undefined;
        if (expired) continue;
        const { reason, detail } = failure;
        this.context.log('warn', 'GetRecords failed', { reason, detail, shardId: shard.id });
        await this.pause(retryMs);
      }
    }
  }

  private async iterator(shardId: string, lastSequence: string | undefined): Promise<string | undefined> {
    const answer = await this.client.send(
      new GetShardIteratorCommand({
        StreamName: this.context.endpoint.streamName,
        ShardId: shardId,
        ...(lastSequence
          ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: lastSequence }
          : { ShardIteratorType: 'TRIM_HORIZON' }),
      }),
    );
    return answer.ShardIterator;
  }
}
