import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import type { Measured } from './quiet.ts';

const lookEveryMs = 10_000;

export interface DisturbanceOptions {
  store: Pick<ObjectStore, 'putJson'>;
  /** Who disturbs. */
  experimentId: string;
  /** Which experiment is being measured; null where none is, undefined where that cannot be told now. */
  measuredNow: () => Promise<Measured>;
}

/**
 * Does what takes processor time, and writes down whose measurement it meets, where that one's upload finds it. Nothing
 * that goes wrong with that keeps the work from being done.
 */
export async function notingDisturbance<T>(options: DisturbanceOptions, work: () => Promise<T>): Promise<T> {
  const from = new Date();
  let looking = Promise.resolve();
  const look = () => {
    looking = looking.then(() => note(options, from)).catch(() => {});
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    look();
    await looking;
  }
}

async function note({ store, experimentId, measuredNow }: DisturbanceOptions, from: Date): Promise<void> {
  const measured = await measuredNow();
  // Whom a look did not see, a later one does, with the whole time.
  if (!measured) return;
  const until = new Date().toISOString();
  await store.putJson(s3Keys.disturbance(measured, from, experimentId), {
    by: experimentId,
    from: from.toISOString(),
    until,
  });
}
