import { Worker } from 'node:worker_threads';
import type { Calibration } from '../../src/contracts/documents/load-parts.ts';

/** It takes a third of a second; where a disk hangs, there is none. */
const timeoutMs = 5_000;

let begun: Promise<Calibration | null> | null = null;
let known: Calibration | null = null;

/**
 * Measures what this machine makes of a little fixed work, the first time that this process is asked. In a thread, so
 * that heartbeats go on.
 * @param folder on whose disk to write; nothing stays there, unless the disk hangs
 * @returns null where that did not work, which spoils no measurement
 */
export function calibrateOnce(folder: string): Promise<Calibration | null> {
  begun ??= calibrate(folder).then((calibration) => {
    known = calibration;
    return calibration;
  });
  return begun;
}

/** What this process has measured; null before it has. */
export function knownCalibration(): Calibration | null {
  return known;
}

function calibrate(folder: string): Promise<Calibration | null> {
  return new Promise<Calibration | null>((resolve) => {
    const thread = new Worker(new URL('./fixed-work.ts', import.meta.url), {
      workerData: { folder },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const end = (calibration: Calibration | null) => {
      clearTimeout(timer);
      resolve(calibration);
      void thread.terminate();
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    thread.once('message', end);
    thread.once('error', () => end(null));
    thread.once('exit', () => end(null));
  }).catch(() => null);
}
