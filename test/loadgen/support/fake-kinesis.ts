import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A stand-in for Kinesis that answers as the test says, for what no emulator can be made to do. */
export interface FakeKinesis {
  url: string;
  /** Requests in order. */
  calls: { operation: string; input: Record<string, unknown> }[];
  /** The most requests that were under way at once. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

export interface FakeAnswer {
  status?: number;
  body: unknown;
  /** Breaks the connection instead. */
  hangUp?: boolean;
  /** Answers so much later. */
  afterMs?: number;
}

/** @param answer for the n-th call of an operation, from 0 */
export async function startFakeKinesis(
  answer: (operation: string, input: Record<string, unknown>, call: number) => FakeAnswer,
): Promise<FakeKinesis> {
  const calls: FakeKinesis['calls'] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const {
      status = 200,
      body,
      hangUp,
      afterMs = 0,
    } = answer(operation, input, calls.filter((call) => call.operation === operation).length);
    calls.push({ operation, input });
    mostAtOnce = Math.max(mostAtOnce, ++underWay);
    await delay(afterMs);
    underWay--;
    if (hangUp) {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    mostAtOnce: () => mostAtOnce,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
