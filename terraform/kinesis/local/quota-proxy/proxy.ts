import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { loopbackRefusal } from '../../../../src/machine/loopback-door.ts';
import { kinesisQuotas } from '../../../../src/technologies/kinesis.ts';
import { hashKeyOf, shardOf } from './hash-key.ts';
import {
  type Answer,
  expiredIterator,
  type GetRecordsAnswer,
  mergeAnswers,
  type PutRecord,
  type PutRecordsAnswer,
  recordBytes,
  refusedAnswer,
  returnable,
  type StreamReference,
  streamNameOf,
  throttledAnswer,
  throttledRecord,
} from './messages.ts';
import { type MeteredStream, Streams } from './streams.ts';
import { RefusedError, targetPrefix, Upstream, type UpstreamAnswer, whole } from './upstream.ts';

/** Iterators that are remembered: many more than readers hold, of which each call makes one. */
const maxIterators = 100_000;

interface Request {
  incoming: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
}

/** Which shard an iterator reads. */
interface Reading {
  streamName: string;
  shardId: string;
}

/**
 * A server that stands in front of an emulator of Kinesis and refuses what is beyond the real service's quotas per shard,
 * with the real service's errors. It looks into the four requests that quotas are about, in the AWS JSON encoding that
 * the AWS SDK for JavaScript speaks; everything else passes untouched. What is refused never reaches the emulator.
 * @param now monotonic milliseconds
 */
export function createQuotaProxy(upstreamUrl: string, now: () => number = () => performance.now()): Server {
  const upstream = new Upstream(upstreamUrl);
  const quotas = new QuotaProxy(upstream, now);
  const server = createServer({ noDelay: true }, (incoming, response) => {
    const refusal = loopbackRefusal(incoming.headers);
    if (refusal) return answer(response, refusedAnswer(refusal));
    quotas.handle(incoming, response).catch((error: Error) => {
      // As if the connection to the emulator itself had broken: what became of the request is not known.
      console.error(`${operationOf(incoming) || 'a request'} could not be passed on: ${error.message}`);
      response.destroy();
    });
  });
  // Clients keep their connections as long as they like; closing one just as it is used would look like a fault.
  server.keepAliveTimeout = 0;
  server.once('close', () => upstream.close());
  return server;
}

class QuotaProxy {
  private readonly upstream: Upstream;
  private readonly now: () => number;
  private readonly streams = new Streams();
  private readonly iterators = new Map<string, Reading>();

  constructor(upstream: Upstream, now: () => number) {
    this.upstream = upstream;
    this.now = now;
  }

  /** Rejects when the emulator gives no whole answer, or the client breaks off. */
  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = async () => ({ incoming, response, body: await whole(incoming) });
    switch (operationOf(incoming)) {
      case 'PutRecord':
        return this.putRecord(await request());
      case 'PutRecords':
        return this.putRecords(await request());
      case 'GetShardIterator':
        return this.getShardIterator(await request());
      case 'GetRecords':
        return this.getRecords(await request());
      default:
        return this.upstream.pass(incoming, response);
    }
  }

  private async putRecord(request: Request): Promise<void> {
    const input = parse<PutRecord & StreamReference>(request.body);
    const stream = isRecord(input) ? await this.known(request.incoming, streamNameOf(input)) : null;
    if (!stream || !input) return this.forward(request);
    const shardId = tooMuchFor(stream, input, this.now());
    if (shardId === null) return this.forward(request);
    answer(request.response, throttledAnswer(stream.throttled(shardId)));
  }

  private async putRecords(request: Request): Promise<void> {
    const { incoming, response, body } = request;
    const input = parse<{ Records: PutRecord[] } & StreamReference>(body);
    const stream = isWithinLimits(input) ? await this.known(incoming, streamNameOf(input)) : null;
    if (!stream || !input) return this.forward(request);
    const nowMs = this.now();
    const refused = input.Records.map((record) => {
      const shardId = tooMuchFor(stream, record, nowMs);
      return shardId === null ? null : throttledRecord(stream.throttled(shardId));
    });
    const taken = input.Records.filter((_, index) => refused[index] === null);
    if (taken.length === refused.length) return this.forward(request);
    if (taken.length === 0) return answer(response, { status: 200, body: mergeAnswers(refused, null) });
    const fewer = Buffer.from(JSON.stringify({ ...input, Records: taken }));
    const passedOn = await this.upstream.send(incoming, fewer);
    if (passedOn.status !== 200) return answerWith(response, passedOn);
    const merged = mergeAnswers(refused, JSON.parse(passedOn.body.toString()) as PutRecordsAnswer);
    answer(response, { status: 200, body: merged });
  }

  private async getShardIterator({ incoming, response, body }: Request): Promise<void> {
    const input = parse<{ ShardId: string } & StreamReference>(body);
    const passedOn = await this.upstream.send(incoming, body);
    const streamName = input && streamNameOf(input);
    if (passedOn.status === 200 && input && streamName) {
      const { ShardIterator } = JSON.parse(passedOn.body.toString()) as { ShardIterator?: string };
      this.remember(ShardIterator, { streamName, shardId: input.ShardId });
    }
    answerWith(response, passedOn);
  }

  private async getRecords(request: Request): Promise<void> {
    const { incoming, response, body } = request;
    const input = parse<{ ShardIterator: string }>(body);
    const reading = this.iterators.get(input?.ShardIterator ?? '');
    if (!reading) return answer(response, expiredIterator);
    const stream = await this.known(incoming, reading.streamName);
    const meter = stream?.meters.get(reading.shardId);
    if (!stream || !meter) return this.forward(request);
    if (!meter.takeCall(this.now())) {
      return answer(response, throttledAnswer(stream.throttled(reading.shardId)));
    }
    const passedOn = await this.upstream.send(incoming, body);
    if (passedOn.status !== 200) return answerWith(response, passedOn);
    const all = JSON.parse(passedOn.body.toString()) as GetRecordsAnswer;
    const { count, bytes } = returnable(all.Records, kinesisQuotas.getRecords.maxBytes);
    meter.returned(this.now(), bytes);
    if (count === all.Records.length) {
      this.remember(all.NextShardIterator, reading);
      return answerWith(response, passedOn);
    }
    const fewer = await this.cut(incoming, reading, all, count);
    this.remember(fewer.NextShardIterator, reading);
    answer(response, { status: 200, body: fewer });
  }

  /** The emulator goes by records only: what is beyond the bytes of a call is for the next one. */
  private async cut(
    incoming: IncomingMessage,
    { streamName, shardId }: Reading,
    all: GetRecordsAnswer,
    count: number,
  ): Promise<GetRecordsAnswer> {
    const { ShardIterator } = (await this.upstream.call(incoming, 'GetShardIterator', {
      StreamName: streamName,
      ShardId: shardId,
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      StartingSequenceNumber: all.Records[count - 1]?.SequenceNumber,
    })) as { ShardIterator: string };
    const behindMs = Date.now() - (all.Records[count]?.ApproximateArrivalTimestamp ?? 0) * 1_000;
    return {
      ...all,
      Records: all.Records.slice(0, count),
      NextShardIterator: ShardIterator,
      MillisBehindLatest: Math.max(1, Math.round(behindMs)),
    };
  }

  /** Passes on a request that is not understood, or within its quotas: any other fault of it, the emulator finds. */
  private async forward({ incoming, response, body }: Request): Promise<void> {
    answerWith(response, await this.upstream.send(incoming, body));
  }

  /** The stream of that name; null where the emulator knows none, and says so itself. */
  private async known(incoming: IncomingMessage, streamName: string | null): Promise<MeteredStream | null> {
    if (streamName === null) return null;
    const call = (operation: string, input: object) => this.upstream.call(incoming, operation, input);
    return this.streams.of(streamName, this.now(), call).catch((error) => {
      if (error instanceof RefusedError) return null;
      throw error;
    });
  }

  private remember(iterator: string | undefined, reading: Reading): void {
    if (!iterator) return;
    this.iterators.set(iterator, reading);
    const oldest = this.iterators.keys().next().value;
    if (this.iterators.size > maxIterators && oldest !== undefined) this.iterators.delete(oldest);
  }
}

/** Counts a record with its shard. The shard's id when it is beyond that shard's quotas; null when it was taken. */
function tooMuchFor({ shards, meters }: MeteredStream, record: PutRecord, nowMs: number): string | null {
  const shardId = shardOf(shards, hashKeyOf(record.PartitionKey, record.ExplicitHashKey))?.shardId;
  if (shardId === undefined) return null;
  return meters.get(shardId)?.takeRecord(nowMs, recordBytes(record)) === false ? shardId : null;
}

/** The operation of a request in AWS JSON; empty for any other. */
function operationOf({ headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  const isJson = headers['content-type']?.startsWith('application/x-amz-json-') ?? false;
  return isJson && typeof target === 'string' && target.startsWith(targetPrefix)
    ? target.slice(targetPrefix.length)
    : '';
}

/** null where it is no JSON object. */
function parse<T>(body: Buffer): T | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' ? (value as T) : null;
  } catch {
    return null;
  }
}

/** Whether this is a record that can be mapped to a shard. */
function isRecord<R extends PutRecord>(record: R | null): record is R {
  return (
    typeof record?.PartitionKey === 'string' &&
    typeof record.Data === 'string' &&
    /^\d*$/.test(record.ExplicitHashKey ?? '')
  );
}

/** Whether a PutRecords request keeps to its own limits; one that does not is refused whole, by the emulator. */
function isWithinLimits<R extends { Records: PutRecord[] }>(request: R | null): request is R {
  const { maxRecords, maxBytes } = kinesisQuotas.putRecords;
  const records = request?.Records;
  return (
    Array.isArray(records) &&
    records.length <= maxRecords &&
    records.every(isRecord) &&
    records.reduce((bytes, record) => bytes + recordBytes(record), 0) <= maxBytes
  );
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(text),
    })
    .end(text);
}

function answerWith(response: ServerResponse, { status, headers, body }: UpstreamAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': String(body.length) }).end(body);
}
