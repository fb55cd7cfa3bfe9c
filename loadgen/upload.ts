import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './drivers/driver.ts';

export interface UploadLimits {
  /** In all. */
  giveUpMs: number;
  /** Once cancelled, counted from the start of the upload. */
  giveUpCancelledMs: number;
  firstBackoffMs: number;
  maxBackoffMs: number;
}

/** Losing a measurement is the worst that can happen to an experiment, so this is patient. */
const uploadLimits: UploadLimits = {
  giveUpMs: 5 * 60_000,
  giveUpCancelledMs: 30_000,
  firstBackoffMs: 250,
  maxBackoffMs: 5_000,
};

/**
 * Uploads, again and again until it succeeds.
 * @throws the last error once it has taken too long
 */
export async function uploadPatiently(
  upload: () => Promise<void>,
  log: Log,
  cancelled: () => boolean = () => false,
  limits: UploadLimits = uploadLimits,
): Promise<void> {
  const startedMs = performance.now();
  for (let backoffMs = limits.firstBackoffMs; ; backoffMs = Math.min(limits.maxBackoffMs, backoffMs * 2)) {
    try {
      await upload();
      return;
    } catch (error) {
      const limitMs = cancelled() ? limits.giveUpCancelledMs : limits.giveUpMs;
      if (performance.now() - startedMs + backoffMs > limitMs) throw error;
      log('warn', 'uploading what was measured failed; trying again', { error: String(error) });
      await delay(backoffMs);
    }
  }
}
