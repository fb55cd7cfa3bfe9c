import { readFileSync } from 'node:fs';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';
import type { Claim } from './terraform-run.ts';

/** Key of a run's journal in the results bucket; keys of one workflow run sort by time. */
export function journalKey(experimentId: string, { workflowRunId, startedAt, kind }: Claim): string {
  const time = startedAt.replaceAll(/[-:]/g, '').replace('.', '');
  return `${s3Keys.journals(experimentId, workflowRunId)}${time}-${kind}.ndjson`;
}

/** Copies a growing file to S3 while somebody watches it. */
export interface Shipper {
  /** Ships in the background when the file has grown and the last time was long enough ago; failures wait for the next. */
  tick(size: number): void;
  /** Ships what is left. Rejects when S3 does not answer. */
  finish(size: number): Promise<void>;
}

/** Ships at most every `intervalMs`. */
export function createShipper(store: ObjectStore, key: string, file: string, intervalMs = 2_000): Shipper {
  let shippedSize = 0;
  let lastEpochMs = 0;
  let underway: Promise<void> | null = null;
  const ship = async (size: number) => {
    await store.put(key, readFileSync(file), 'application/x-ndjson');
    shippedSize = size;
  };
  return {
    tick(size) {
      if (underway || size === shippedSize || Date.now() - lastEpochMs < intervalMs) return;
      lastEpochMs = Date.now();
      underway = ship(size)
        .catch(() => {})
        .finally(() => {
          underway = null;
        });
    },
    async finish(size) {
      await underway;
      if (size > shippedSize) await ship(size);
    },
  };
}
