import { type KinesisClient, PutRecordsCommand, type PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { type AttemptResult, acknowledged } from '../sender/attempts.ts';
import { failureOfRecord, failureOfRequest } from './errors.ts';
import { type KinesisRecord, keyOf } from './record.ts';

/** Makes requests of records, and says what became of each. */
export class KinesisTransport {
  private readonly client: KinesisClient;
  private readonly streamName: string;

  constructor(client: KinesisClient, streamName: string) {
    this.client = client;
    this.streamName = streamName;
  }

  /** One attempt with PutRecords. Returns a result for each record, in order. Never rejects. */
  async request(batch: readonly KinesisRecord[]): Promise<readonly AttemptResult[]> {
    const Records = batch.map(({ message }) => ({ Data: message.value, PartitionKey: keyOf(message) }));
    try {
      const answer = await this.client.send(new PutRecordsCommand({ StreamName: this.streamName, Records }));
      return resultsOf(batch, answer);
    } catch (error) {
      const failure = failureOfRequest(error);
      return batch.map(() => failure);
    }
  }
}

/** What PutRecords' answer says of each record. */
export function resultsOf(
  batch: readonly unknown[],
  {
    FailedRecordCount,
    Records,
  }: { FailedRecordCount?: number | undefined; Records?: readonly PutRecordsResultEntry[] | undefined },
): readonly AttemptResult[] {
  if (!FailedRecordCount) return batch.map(() => acknowledged);
  return batch.map((_, index) => {
    const { ErrorCode, ErrorMessage } = Records?.[index] ?? {};
    return ErrorCode ? failureOfRecord(ErrorCode, ErrorMessage) : acknowledged;
  });
}
