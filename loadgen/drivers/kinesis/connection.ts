import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { KinesisEndpoint } from '../../../src/technologies/kinesis.ts';

/** A client that speaks HTTP/1.1 over kept-alive connections; the SDK's own HTTP/2 breaks on emulators after a while. */
export function connectKinesis(endpoint: KinesisEndpoint, connections: number): KinesisClient {
  const agent = { keepAlive: true, maxSockets: connections, noDelay: true };
  return new KinesisClient({
    region: endpoint.region,
    ...(endpoint.endpointUrl ? { endpoint: endpoint.endpointUrl } : {}),
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
