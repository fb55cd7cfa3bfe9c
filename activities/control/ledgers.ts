import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LedgerTally, type LedgerTotals } from '../../src/analysis/ledger/ledger-tally.ts';
import { decodeLedger } from '../../src/contracts/storage/ledger-format.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

const decompress = promisify(gunzip);

/**
 * Counts the ledgers of several load generators as one, reading one after another.
 * @throws Error when one of them is not there
 */
export async function totalsOfLedgers(
  store: Pick<ObjectStore, 'get' | 'bucket'>,
  keys: readonly string[],
): Promise<LedgerTotals> {
  const tally = new LedgerTally();
  for (const key of keys) {
    const body = await store.get(key);
    if (body === null) throw new Error(`the ledger ${key} is not in bucket ${store.bucket}`);
    tally.add(decodeLedger(await decompress(body)));
  }
  return tally.totals();
}
