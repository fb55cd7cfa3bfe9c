import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { experimentRecord } from '../support/documents.ts';

/** When the first of those that are recorded was submitted; the others a second after each other. */
export const firstRecordedMs = Date.UTC(2026, 0, 1);

/** Writes the index of so many experiments that are over, of a thousand names: `number 7 of a thousand`. */
export async function recordExperiments(store: ObjectStore, count: number): Promise<void> {
  let next = 0;
  const one = async () => {
    for (let n = next++; n < count; n = next++) {
      const submittedAt = new Date(firstRecordedMs + n * 1_000);
      const id = `exp-${String(n).padStart(6, '0')}`;
      const name = `number ${n % 1_000} of a thousand`;
      const { spec: _spec, ...summary } = experimentRecord({
        id,
        name,
        submittedAt: submittedAt.toISOString(),
      });
      await store.putJson(s3Keys.index('experiments', submittedAt, id), summary);
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
}
