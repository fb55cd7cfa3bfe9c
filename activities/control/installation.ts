import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { readJsonOrNull, writeJsonAtomic } from '../../src/machine/atomic-file.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

const installationIdSchema = z.string().regex(/^[a-z0-9]{4,12}$/);
const installationSchema = z.object({ id: installationIdSchema, createdAt: z.iso.datetime() });
export type Installation = z.infer<typeof installationSchema>;

/**
 * The installation whose bucket this is; made once, by whoever comes first.
 * @param known the id that it is to have where the bucket, or what was in it, is gone; null for a new one
 */
export async function ensureInstallation(
  store: ObjectStore,
  known: string | null = null,
): Promise<Installation> {
  const fresh = { id: known ?? randomBytes(4).toString('hex'), createdAt: new Date().toISOString() };
  await store.ensureBucket();
  if (await store.putJsonIfAbsent(s3Keys.installation, fresh)) return fresh;
  return installationSchema.parse(await store.getJson(s3Keys.installation));
}

/**
 * The installation that both this home and the namespace have worked for, or null. When the bucket knows none, its data were
 * lost: the emulator's folder was removed, say. Another bucket that a person names does not inherit it by the home alone.
 */
export function knownInstallation(home: string, ofNamespace: string | null): string | null {
  const ofHome = readJsonOrNull(recordFile(home), z.object({ id: installationIdSchema }));
  return ofHome !== null && ofHome.id === ofNamespace ? ofHome.id : null;
}

/** Notes for which installation a home works. */
export function rememberInstallation(home: string, id: string): void {
  if (readJsonOrNull(recordFile(home), z.object({ id: z.string() }))?.id === id) return;
  writeJsonAtomic(recordFile(home), { id });
}

function recordFile(home: string): string {
  return join(home, 'installation.json');
}
