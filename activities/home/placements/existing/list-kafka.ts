import { Worker } from 'node:worker_threads';
import type { ClusterQuestion, Listing } from './existing-placement.ts';

/** Longer than its client tries by itself. */
const timeoutMs = 60_000;

/**
 * Topics and consumer groups of a cluster. In a thread of its own that is ended afterwards: kafkajs leaves timers behind, for ever, of
 * connections that failed.
 */
export async function listKafka(question: ClusterQuestion): Promise<Listing> {
  const thread = new Worker(new URL('./kafka-thread.ts', import.meta.url), {
    workerData: question,
    execArgv: ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'],
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Listing>((resolve) => {
      const fail = (problem: string) => resolve({ problem, passing: true });
      timer = setTimeout(() => fail(`it does not answer within ${timeoutMs / 1_000} s`), timeoutMs);
      thread.once('message', resolve);
      thread.once('error', (error) => fail(String(error)));
      thread.once('exit', () => fail('its thread ended'));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
