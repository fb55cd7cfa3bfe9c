import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as rules see it. */
export interface ProxiedRequest {
  method: string;
  /** Path without the query. */
  path: string;
  userAgent: string;
  /** Such as `Kinesis_20131202.DeleteStream`; empty for S3. */
  target: string;
}

/** What a rule does to a request that it is about: holds it, answers it itself, or both. */
export interface Rule {
  matches(request: ProxiedRequest): boolean;
  /** Awaited before anything else. */
  hold?: Promise<void>;
  /** Answered instead of the emulator. */
  answer?: { status: number; contentType: string; body: string };
}

/** A loopback proxy in front of the AWS emulator, on which a test turns faults on and off. */
export interface AwsProxy {
  url: string;
  /** Applies a rule to every request from now on, until the returned function is called. */
  apply(rule: Rule): () => void;
  /** How many requests a rule has met since it was applied. */
  hits(rule: Rule): number;
  /** Calls the listener with every request that is about a state lock, when it arrives. */
  onLockRequest(listener: (request: ProxiedRequest, body: Buffer) => void): void;
  close(): Promise<void>;
}

export const isStateLock = (path: string) => path.endsWith('.tflock');
export const isS3 = ({ target }: ProxiedRequest) => target === '';

export const unavailable: Rule['answer'] = {
  status: 503,
  contentType: 'application/xml',
  body: '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
};
export const accessDenied: Rule['answer'] = {
  status: 403,
  contentType: 'application/xml',
  body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
};
export const streamAccessDenied: Rule['answer'] = {
  status: 400,
  contentType: 'application/x-amz-json-1.1',
  body: '{"__type":"AccessDeniedException","message":"not allowed, says the fault suite"}',
};

export async function startAwsProxy(emulatorUrl: () => string): Promise<AwsProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const rules = new Map<Rule, number>();
  const listeners: ((request: ProxiedRequest, body: Buffer) => void)[] = [];

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const seen: ProxiedRequest = {
      method: incoming.method ?? '',
      path: decodeURIComponent((incoming.url ?? '').replace(/\?.*/, '')),
      userAgent: incoming.headers['user-agent'] ?? '',
      target: String(incoming.headers['x-amz-target'] ?? ''),
    };
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (isStateLock(seen.path)) for (const listener of listeners) listener(seen, body);
    for (const [rule, hits] of rules) {
      if (!rule.matches(seen)) continue;
      rules.set(rule, hits + 1);
      await rule.hold;
      if (rule.answer) {
        outgoing.writeHead(rule.answer.status, { 'content-type': rule.answer.contentType });
        outgoing.end(rule.answer.body);
        return;
      }
    }
    forward(incoming, body, outgoing);
  }

  function forward(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
    const { hostname, port } = new URL(emulatorUrl());
    const headers = { ...incoming.headers };
    delete headers['transfer-encoding'];
    delete headers.expect;
    headers['content-length'] = String(body.length);
    const onward = request(
      { hostname, port, agent, method: incoming.method, path: incoming.url, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
        answer.on('error', () => outgoing.destroy());
      },
    );
    // Whoever asked sees what it would see without a proxy: a broken connection.
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    onward.end(body);
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apply(rule) {
      rules.set(rule, 0);
      return () => rules.delete(rule);
    },
    hits: (rule) => rules.get(rule) ?? 0,
    onLockRequest: (listener) => listeners.push(listener),
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
