import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/** Free ports are looked for here: above the well-known ones, below those that systems hand out to clients. */
export const portRange = { first: 20_000, last: 31_999 };
const portCount = portRange.last - portRange.first + 1;

/** Whether nothing listens on a port of this machine, and we could. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  // Some systems let us bind beside a server that listens on all interfaces, so we also knock.
  return !(await acceptsConnections(port)) && (await canListen(port, host));
}

/**
 * Order in which to try ports: all of the range once.
 * @param start a whole number that says where to begin, so that those who search at once rarely collide
 */
export function portOrder(start: number): number[] {
  return Array.from({ length: portCount }, (_, index) => portRange.first + ((start + index) % portCount));
}

/**
 * Ports of this machine's loopback that were free a moment ago, from a random one on.
 * @throws when there are not enough
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (const port of portOrder(randomInt(portCount))) {
    if (found.length === count) return found;
    if (await isPortFree(port)) found.push(port);
  }
  throw new Error(`fewer than ${count} ports from ${portRange.first} to ${portRange.last} are free`);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether something accepts connections on a loopback port. */
export function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    // A full backlog answers nothing.
    socket.setTimeout(1_000, () => finish(false));
  });
}
