import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

const installationSchema = z.object({
  id: z.string().regex(/^[a-z0-9]{4,12}$/),
  createdAt: z.iso.datetime(),
});
export type Installation = z.infer<typeof installationSchema>;

/** The installation whose bucket this is; made once, by whoever comes first. */
export async function ensureInstallation(store: ObjectStore): Promise<Installation> {
  const fresh = { id: randomBytes(4).toString('hex'), createdAt: new Date().toISOString() };
  await store.ensureBucket();
  await store.putJsonIfAbsent(s3Keys.installation, fresh);
  return installationSchema.parse(await store.getJson(s3Keys.installation));
}
