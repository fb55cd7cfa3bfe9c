import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for Kinesis that answers as the test says, for what no emulator can be made to do. */
export interface FakeKinesis {
  url: string;
  /** Requests in order. */
  calls: { operation: string; input: Record<string, unknown> }[];
  close(): Promise<void>;
}

export interface FakeAnswer {
  status?: number;
  body: unknown;
  /** Breaks the connection instead. */
  hangUp?: boolean;
}

/** @param answer for the n-th call of an operation, from 0 */
export async function startFakeKinesis(
  answer: (operation: string, input: Record<string, unknown>, call: number) => FakeAnswer,
): Promise<FakeKinesis> {
  const calls: FakeKinesis['calls'] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const {
      status = 200,
      body,
      hangUp,
    } = answer(operation, input, calls.filter((call) => call.operation === operation).length);
    calls.push({ operation, input });
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
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
