import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnvironment } from '../../config.ts';
import { processIdentitySchema } from '../../contracts/storage/process.ts';
import { writeJsonAtomic } from '../../machine/atomic-file.ts';
import { waitForLock } from '../../machine/file-lock.ts';
import { identifyProcess, isAlive } from '../../machine/identity.ts';
import { PortError, readPorts } from './kept-ports.ts';

const claimSchema = z.object({ port: z.number(), home: z.string(), holder: processIdentitySchema });
/** A stack says which ports it is about to use: between choosing a port and listening on it lie seconds. */
export type PortClaim = z.infer<typeof claimSchema>;

/**
 * The claims are per user of this machine, whatever the homes are, and whatever TMPDIR is: tests have one of their own.
 * They lie in the user's runtime folder where there is one, which nobody else can write to.
 */
function claimsFolder(): string {
  const runtime = inheritedEnvironment().XDG_RUNTIME_DIR;
  // Not Windows, where there is none.
  const uid = process.getuid?.() ?? 0;
  const folder =
    runtime && lstatSync(runtime, { throwIfNoEntry: false })?.uid === uid
      ? join(runtime, 'comparator')
      : join('/tmp', `comparator-${uid}`);
  makePrivateFolder(folder, uid);
  return folder;
}

/**
 * Makes a folder for one user alone where everybody may make folders.
 * @throws PortError when something of that name is there that others may have put there, or can write to
 */
export function makePrivateFolder(folder: string, uid: number): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return;
  throw new PortError(
    `${folder}, where stacks of this user say which ports they use, is not a folder that only this user can enter. ` +
      'Remove it; or set XDG_RUNTIME_DIR to a folder of your own.',
  );
}

/** Reads and rewrites the claims while no other process does. */
export async function withClaims<T>(
  work: (claims: PortClaim[]) => Promise<{ result: T; claims: PortClaim[] }>,
): Promise<T> {
  const folder = claimsFolder();
  const lock = await waitForLock(join(folder, 'ports.lock'));
  try {
    const { result, claims } = await work(readClaims(join(folder, 'ports.json')));
    writeJsonAtomic(join(folder, 'ports.json'), claims);
    return result;
  } finally {
    lock.release();
  }
}

function readClaims(file: string): PortClaim[] {
  try {
    return z.array(claimSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
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
  // Who claimed may live long after its stack, and start others: a home that is gone uses no port.
  if (!existsSync(claim.home)) return false;
  if (isAlive(claim.holder)) return true;
  try {
    return Object.values(readPorts(join(claim.home, 'ports.json'))).includes(claim.port);
  } catch {
    return false;
  }
}
