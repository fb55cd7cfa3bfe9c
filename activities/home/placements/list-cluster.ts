import { Worker } from 'node:worker_threads';

export interface ClusterQuestion {
  /** Of clusters; null where none is named. */
  file: string | null;
  cluster: string;
}

/** Names of topics and of consumer groups in a cluster, or why they cannot be told, and whether that may pass by itself. */
export type Listing = { topics: string[]; groups: string[] } | { problem: string; passing: boolean };

/** Longer than its client tries by itself. */
const timeoutMs = 60_000;

/**
 * What there is in a cluster. In a thread of its own that is ended afterwards: kafkajs leaves timers behind, for ever, of
 * connections that failed.
 */
export async function listCluster(question: ClusterQuestion): Promise<Listing> {
  const thread = new Worker(new URL('./cluster-thread.ts', import.meta.url), {
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
