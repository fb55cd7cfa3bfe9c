import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that takes a known time longer. */
export interface DelayProxy {
  /** host:port. */
  address: string;
  /** By how long what clients sent was held up since the last call, in ms; a timer is never exact. */
  takeDelays(): number[];
  close(): Promise<void>;
}

/**
 * Holds up what clients send, not what they are answered. A message that waits meets timers, and caches that went cold
 * meanwhile, which cost it some hundredths of a ms more than the delay that is told: set two of these side by side, not
 * one beside none.
 * @param target host:port
 */
export async function startDelayProxy(target: string, delayMs: number): Promise<DelayProxy> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let delays: number[] = [];
  const server = createServer((client) => {
    const upstream = connect({ host, port: Number(port) });
    const waiting: { chunk: Buffer; sinceMs: number }[] = [];
    const pass = () => {
      for (let first = waiting[0]; first; first = waiting[0]) {
        const leftMs = first.sinceMs + delayMs - performance.now();
        if (leftMs > 0) {
          setTimeout(pass, leftMs);
          return;
        }
        waiting.shift();
        delays.push(performance.now() - first.sinceMs);
        upstream.write(first.chunk);
      }
    };
    client.on('data', (chunk) => {
      waiting.push({ chunk, sinceMs: performance.now() });
      // Whoever waits already comes round to it.
      if (waiting.length === 1) pass();
    });
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeDelays() {
      const taken = delays;
      delays = [];
      return taken;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
