import { z } from 'zod';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';

/** The lock object of terraform's S3 backend. It never expires by itself. */
export const lockInfoSchema = z.object({
  /** Terraform takes one that begins with a hyphen for an option. */
  ID: z.string().regex(/^[^-]/),
  Operation: z.string().catch('unknown'),
  /** user@host */
  Who: z.string().catch('unknown'),
  /** The beginning of 1970 where it does not tell. */
  Created: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .catch(() => new Date(0)),
});
export type LockInfo = z.infer<typeof lockInfoSchema>;

/** Stands for the id of a lock that cannot be read, for a person to confirm. */
export const unreadableLockId = 'unreadable';

/** The state's lock; null when nobody holds it. One that cannot be read is a lock, held by nobody knows whom. */
export async function readLock(store: ObjectStore, experimentId: string): Promise<LockInfo | null> {
  const text = await store.getText(s3Keys.terraformLock(experimentId));
  return text === null ? null : parseLock(text);
}

function parseLock(text: string): LockInfo {
  try {
    return lockInfoSchema.parse(JSON.parse(text));
  } catch {
    return { ID: unreadableLockId, Operation: 'unknown', Who: 'nobody knows whom', Created: new Date(0) };
  }
}
