import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import type { KinesisAccess } from '../../../src/machine/clusters/kinesis-access.ts';

/** A client that speaks HTTP/1.1 over kept-alive connections; the SDK's own HTTP/2 breaks on emulators after a while. */
export function connectKinesis({ access }: { access: KinesisAccess }, connections: number): KinesisClient {
  const agent = { keepAlive: true, maxSockets: connections, noDelay: true };
  return new KinesisClient({
    ...access,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
    }),
    // Who sees every attempt can tell what is certain from what is in doubt; so retrying is ours.
    maxAttempts: 1,
  });
}

/** A client for what only HTTP/2 carries: each subscription on a connection of its own, which lasts as long as it does. */
export function connectKinesisStreams({ access }: { access: KinesisAccess }): KinesisClient {
  return new KinesisClient({
    ...access,
    requestHandler: new NodeHttp2Handler({ disableConcurrentStreams: true }),
    maxAttempts: 1,
  });
}
