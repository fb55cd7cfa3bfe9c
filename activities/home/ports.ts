import { isPortFree } from '../../src/machine/readiness.ts';

/** Below the range from which systems take ports for outgoing connections. */
const firstPort = 20_000;
const lastPort = 31_999;

/** Order in which to try ports: all of the range once, from a random one on, so that neighbours rarely collide. */
export function portOrder(random: number): number[] {
  const size = lastPort - firstPort + 1;
  const start = Math.floor(random * size);
  return Array.from({ length: size }, (_, index) => firstPort + ((start + index) % size));
}

/**
 * Ports of this machine's loopback that were free a moment ago, found by binding them.
 * @throws when there are not enough
 */
export async function findFreePorts(count: number, random: number = Math.random()): Promise<number[]> {
  const found: number[] = [];
  for (const port of portOrder(random)) {
    if (found.length === count) break;
    if (await isPortFree(port)) found.push(port);
  }
  if (found.length < count)
    throw new Error(`fewer than ${count} ports from ${firstPort} to ${lastPort} are free`);
  return found;
}
