import { constants } from 'node:os';

const endings: (() => Promise<unknown> | unknown)[] = [];
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Has `end` end something that a benchmark has started, should the benchmark be interrupted; the last one first. */
export function endWhenInterrupted(end: () => Promise<unknown> | unknown): void {
  endings.push(end);
  if (endings.length > 1) return;
  for (const signal of signals) process.on(signal, () => void endAll(signal));
}

let ending = false;

async function endAll(signal: (typeof signals)[number]): Promise<void> {
  if (ending) return;
  ending = true;
  console.error('\nEnding what was started …');
  for (const end of endings.reverse()) {
    try {
      await end();
    } catch (error) {
      console.error((error as Error).message);
    }
  }
  process.exit(128 + constants.signals[signal]);
}
