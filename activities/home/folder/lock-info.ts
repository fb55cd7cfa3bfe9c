import { z } from 'zod';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';

/** The lock object of terraform's S3 backend. It never expires by itself. */
export const lockInfoSchema = z.object({
  ID: z.string().min(1),
  Operation: z.string().default('unknown'),
  /** user@host */
  Who: z.string().default('unknown'),
  Created: z.coerce.date(),
});
export type LockInfo = z.infer<typeof lockInfoSchema>;

/** The state's lock; null when nobody holds it. */
export async function readLock(store: ObjectStore, experimentId: string): Promise<LockInfo | null> {
  const json = await store.getJson(s3Keys.terraformLock(experimentId));
  return json === null ? null : lockInfoSchema.parse(json);
}
