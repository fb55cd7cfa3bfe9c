import { mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { processIdentitySchema } from '../../contracts/storage/process.ts';
import { writeJsonAtomic } from '../../machine/atomic-file.ts';
import { waitForLock } from '../../machine/file-lock.ts';
import { identifyProcess, isAlive } from '../../machine/identity.ts';
import { readPorts } from './kept-ports.ts';

const claimSchema = z.object({ port: z.number(), home: z.string(), holder: processIdentitySchema });
/** A stack says which ports it is about to use: between choosing a port and listening on it lie seconds. */
export type PortClaim = z.infer<typeof claimSchema>;

/** The claims are per user of this machine, whatever the homes are, and whatever TMPDIR is: tests have one of their own. */
const folder = join('/tmp', `comparator-${userInfo().uid}`);

/** Reads and rewrites the claims while no other process does. */
export async function withClaims<T>(
  work: (claims: PortClaim[]) => Promise<{ result: T; claims: PortClaim[] }>,
): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await waitForLock(join(folder, 'ports.lock'));
  try {
    const { result, claims } = await work(readClaims());
    writeJsonAtomic(join(folder, 'ports.json'), claims);
    return result;
  } finally {
    lock.release();
  }
}

function readClaims(): PortClaim[] {
  try {
    return z.array(claimSchema).parse(JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')));
  } catch {
    return [];
  }
}

/** Ports of other homes whose stack lives, or that keep the port for their next start. */
export function claimedByOthers(claims: readonly PortClaim[], home: string): Set<number> {
  const others = claims.filter((claim) => claim.home !== home && isValid(claim));
  return new Set(others.map(({ port }) => port));
}

/** The claims with this home's replaced, and without those of homes that are gone. */
export function recordClaims(
  claims: readonly PortClaim[],
  home: string,
  ports: readonly number[],
): PortClaim[] {
  const holder = identifyProcess(process.pid);
  if (!holder) throw new Error('cannot identify our own process');
  const kept = claims.filter((claim) => claim.home !== home && isValid(claim));
  return [...kept, ...ports.map((port) => ({ port, home, holder }))];
}

function isValid(claim: PortClaim): boolean {
  if (isAlive(claim.holder)) return true;
  try {
    return Object.values(readPorts(join(claim.home, 'ports.json'))).includes(claim.port);
  } catch {
    return false;
  }
}
