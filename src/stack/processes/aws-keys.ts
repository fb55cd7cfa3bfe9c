import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { readJsonOrNull, writeJsonAtomic, writeJsonExclusive } from '../../machine/atomic-file.ts';

const keysSchema = z.object({ accessKeyId: z.string().min(16), secretAccessKey: z.string().min(16) });
/** What a caller of this home's AWS emulator must sign with. */
export type AwsKeys = z.infer<typeof keysSchema>;

/** The keys of a home's emulator: random, made once, readable by this user only. */
export function awsKeys(config: Pick<Config, 'home'>): AwsKeys {
  const folder = join(config.home, 'aws');
  const file = join(folder, 'keys.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The emulator takes twelve digits for an account; letters keep everything in its default one.
  const fresh = {
    accessKeyId: `CMP${randomBytes(16).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(32).toString('hex'),
  };
  writeJsonExclusive(file, fresh);
  const known = readJsonOrNull(file, keysSchema);
  if (known !== null) return known;
  // What a loss of power has left of them opens nothing: the emulator takes those that it is started with.
  rmSync(file, { recursive: true, force: true });
  writeJsonAtomic(file, fresh);
  return fresh;
}
