import { findFreePorts } from '../../src/machine/free-port.ts';

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  return port as number;
}
