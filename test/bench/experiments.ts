import { medianOf } from '../../src/analysis/statistics/median.ts';
import type { Result } from '../../src/contracts/documents/result.ts';
import type { ProcessName } from '../../src/stack/processes/stack-process.ts';
import { endStranded } from '../faults/world/processes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { endWhenInterrupted } from './interrupted.ts';

/**
 * A stack of the benchmark's own, which ends with it, with all that its experiments have started.
 * @param processes all but those that it does without
 */
export async function startBenchStack(processes?: readonly ProcessName[]): Promise<TestStack> {
  const starting = startTestStack((line) => console.error(line), {}, processes);
  const end = async () => {
    const stack = await starting;
    await stack.stack.stop();
    // Of an experiment that was broken off.
    endStranded(stack.home);
    await stack.end();
  };
  // Also where it is interrupted while it starts.
  endWhenInterrupted(end);
  return { ...(await starting), end };
}

/**
 * Runs an experiment to its end; returns its result.
 * @throws Error when it was not completed
 */
export async function runExperiment(stack: TestStack, experiment: object): Promise<Result> {
  const id = await stack.submit(experiment);
  const { outcome, failure } = await until(
    `${id} to be closed`,
    async () => {
      const now = await stack.detail(id);
      return now.phase === 'closed' && now;
    },
    // A search with a slow client takes many minutes.
    { timeoutMs: 3_600_000, everyMs: 200 },
  );
  if (outcome !== 'completed') throw new Error(`the experiment ${outcome}: ${failure?.message}`);
  return (await (await stack.call('GET', `/api/experiments/${id}/result`)).json()) as Result;
}

/** Kills the API, and waits for the one that takes its place. */
export async function restartApi(stack: TestStack): Promise<void> {
  const { pid } = stack.stack.description.api;
  process.kill(Number(pid), 'SIGKILL');
  await until('the API to be there again', async () => {
    if (stack.stack.description.api.pid === pid) return false;
    return (await stack.call('GET', '/readyz')).status === 200;
  });
}

/** How far values lie apart: lowest, median, highest, and the distance of the two ends in percent of the median. */
export function spreadOf(values: readonly number[]): {
  lowest: number;
  median: number;
  highest: number;
  percent: number;
} {
  const [lowest, median, highest] = [Math.min(...values), medianOf(values), Math.max(...values)];
  return { lowest, median, highest, percent: ((highest - lowest) / median) * 100 };
}
