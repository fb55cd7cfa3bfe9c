import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';

/** One subscription, as the test sees it. */
export interface FakeSubscription {
  shardId: string;
  consumerArn: string;
  position: { Type: string; SequenceNumber?: string };
  atMs: number;
  /** Sends records and where they end; the children of a shard that has ended instead of where to go on. */
  push(messages: Buffer[], continuation: string | undefined, children?: object[]): void;
  /** Ends it with an error of the service. */
  fail(type: string): void;
  /** Ends it in good order, as after 5 minutes. */
  end(): void;
  /** Breaks its connection. */
  hangUp(): void;
}

/** Kinesis's side of enhanced fan-out over HTTP/2, as the test has it. */
export interface FakeFanOut {
  url: string;
  subscriptions: FakeSubscription[];
  close(): Promise<void>;
}

/**
 * @param shards ids of those that the stream has
 * @param answer called for each subscription, after it was accepted; returns the name of an error to refuse it with
 */
export async function startFakeFanOut(
  shards: string[],
  answer: (subscription: FakeSubscription, number: number) => string | undefined,
): Promise<FakeFanOut> {
  const subscriptions: FakeSubscription[] = [];
  const sessions = new Set<Http2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session)).on('error', () => {});
  });
  server.on('stream', async (stream, headers) => {
    stream.on('error', () => {});
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const input = JSON.parse(Buffer.concat(chunks).toString());
    if (String(headers['x-amz-target']).endsWith('.ListShards')) {
      return respond(stream, 200, { Shards: shards.map((ShardId) => ({ ShardId })) });
    }
    const subscription = subscriptionOf(stream, input);
    const refusal = answer(subscription, subscriptions.push(subscription) - 1);
    if (refusal) return respond(stream, 400, { __type: refusal, message: 'as the test has it' });
    begin(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    subscriptions,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function respond(stream: ServerHttp2Stream, status: number, body: object): void {
  stream.respond({ ':status': status, 'content-type': 'application/x-amz-json-1.1' });
  stream.end(JSON.stringify(body));
}

function begin(stream: ServerHttp2Stream): void {
  if (stream.headersSent) return;
  stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' });
  stream.write(frame({ ':message-type': 'event', ':event-type': 'initial-response' }, {}));
}

interface SubscribeToShard {
  ShardId: string;
  ConsumerARN: string;
  StartingPosition: FakeSubscription['position'];
}

function subscriptionOf(stream: ServerHttp2Stream, input: SubscribeToShard): FakeSubscription {
  const write = (headers: Record<string, string>, body: object) => {
    begin(stream);
    stream.write(frame(headers, body));
  };
  return {
    shardId: input.ShardId,
    consumerArn: input.ConsumerARN,
    position: input.StartingPosition,
    atMs: performance.now(),
    push(messages, continuation, children) {
      const records = messages.map((data, index) => ({
        Data: data.toString('base64'),
        PartitionKey: 'key',
        SequenceNumber: String(index),
      }));
      write(
        { ':message-type': 'event', ':event-type': 'SubscribeToShardEvent' },
        {
          Records: records,
          MillisBehindLatest: 0,
          ContinuationSequenceNumber: continuation,
          ChildShards: children,
        },
      );
    },
    fail(type) {
      write({ ':message-type': 'exception', ':exception-type': type }, { message: 'as the test has it' });
      stream.end();
    },
    end: () => stream.end(),
    hangUp: () => stream.session?.destroy(),
  };
}

/** A message of `application/vnd.amazon.eventstream`. */
function frame(headers: Record<string, string>, body: object): Buffer {
  const head = Buffer.concat(
    Object.entries({ ...headers, ':content-type': 'application/json' }).flatMap(([name, value]) => {
      const lengths = [Buffer.from([name.length]), Buffer.alloc(3)] as const;
      lengths[1].writeUInt8(7);
      lengths[1].writeUInt16BE(value.length, 1);
      return [lengths[0], Buffer.from(name), lengths[1], Buffer.from(value)];
    }),
  );
  const payload = Buffer.from(JSON.stringify(body));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(prelude.length + head.length + payload.length + 4);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, head, payload]);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(message));
  return Buffer.concat([message, end]);
}
