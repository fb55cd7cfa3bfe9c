import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';

/** Headers that are about one connection only. */
const hopByHop = ['connection', 'keep-alive', 'transfer-encoding'];

/** A whole answer of the emulator's. */
export interface UpstreamAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The emulator answered, but not with success. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** The emulator, over connections that are kept. */
export class Upstream {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly url: URL;

  constructor(url: string) {
    this.url = new URL(url);
  }

  /** Passes a request on as it is, and its answer back, without looking at either. Rejects when either end breaks. */
  pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    return new Promise((resolve, reject) => {
      const outgoing = this.open(incoming, incoming.headers, (answer) => {
        response.writeHead(answer.statusCode ?? 502, kept(answer.headers));
        answer.once('error', reject).pipe(response).once('finish', resolve).once('error', reject);
      });
      outgoing.once('error', reject);
      incoming.once('error', reject).pipe(outgoing);
    });
  }

  /** Sends a request with this body in place of its own. The emulator checks no signature, which would no longer fit. */
  send(incoming: IncomingMessage, body: Buffer, headers: IncomingHttpHeaders = {}): Promise<UpstreamAnswer> {
    return new Promise((resolve, reject) => {
      const all = { ...incoming.headers, ...headers, 'content-length': String(body.length) };
      const outgoing = this.open(incoming, all, (answer) => {
        whole(answer).then(
          (answerBody) =>
            resolve({ status: answer.statusCode ?? 502, headers: kept(answer.headers), body: answerBody }),
          reject,
        );
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /**
   * Another operation, for the same region and account as a request's.
   * @throws RefusedError when it does not succeed
   */
  async call(incoming: IncomingMessage, operation: string, input: object): Promise<unknown> {
    const { status, body } = await this.send(incoming, Buffer.from(JSON.stringify(input)), {
      'x-amz-target': `${targetPrefix}${operation}`,
    });
    if (status !== 200) throw new RefusedError(`${operation} was answered with ${status}: ${body}`);
    return JSON.parse(body.toString());
  }

  close(): void {
    this.agent.destroy();
  }

  private open(
    { method, url }: IncomingMessage,
    headers: IncomingHttpHeaders,
    onAnswer: (answer: IncomingMessage) => void,
  ) {
    const { hostname, port, host } = this.url;
    const options = { agent: this.agent, hostname, port, method, path: url };
    return request({ ...options, headers: { ...kept(headers), host } }, onAnswer);
  }
}

/** Prefix of the header `x-amz-target`, before the operation. */
export const targetPrefix = 'Kinesis_20131202.';

/** Reads a body to its end. */
export async function whole(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

function kept(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const copy = { ...headers };
  for (const name of hopByHop) delete copy[name];
  return copy;
}
