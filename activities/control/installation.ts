import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../src/contracts/input/text/json-syntax.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { readJsonOrNull, writeJsonAtomic } from '../../src/machine/atomic-file.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { StartError } from '../../src/temporal/start-error.ts';

const installationIdSchema = z.string().regex(/^[a-z0-9]{4,12}$/);
const installationSchema = z.object({ id: installationIdSchema });
export type Installation = z.infer<typeof installationSchema>;

/**
 * The installation whose bucket this is; made once, by whoever comes first.
 * @param known the id that it is to have where the bucket, or what was in it, is gone or damaged; null for a new one
 * @throws StartError where it cannot be read, and no id is known
 */
export async function ensureInstallation(
  store: ObjectStore,
  known: string | null = null,
): Promise<Installation> {
  const fresh = { id: known ?? randomBytes(4).toString('hex'), createdAt: new Date().toISOString() };
  await store.ensureBucket();
  if (await store.putJsonIfAbsent(s3Keys.installation, fresh)) return { id: fresh.id };
  const text = await store.getText(s3Keys.installation);
  const read = parseJson(text ?? '');
  const found = installationSchema.safeParse(read.ok ? read.value : null);
  if (found.success) return found.data;
  // Under another id nothing that was made before would be found again.
  if (known === null) throw unreadable(store.bucket);
  await store.putJson(s3Keys.installation, fresh);
  return { id: fresh.id };
}

function unreadable(bucket: string): StartError {
  return new StartError(
    `${s3Keys.installation} in the bucket ${bucket} cannot be read, and nothing else tells which installation it belongs to.\n` +
      'Put back what it was: {"id": "…"} with the id after "cmp-" in the names of what was made on AWS. ' +
      'Where nothing of it is left, remove the object, and start again.',
  );
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
