import { setTimeout as delay } from 'node:timers/promises';
import { type Attempt, assertOwned } from '../../attempt.ts';
import { TerraformFailedError } from '../../errors.ts';
import type { CloudClients } from './clients.ts';
import type { Owner } from './finding.ts';
import { lookAtTasks } from './tasks.ts';

/** Fargate fetches the image and starts it within a minute or two. */
const timeoutMs = 10 * 60_000;
const lookEveryMs = 3_000;

/**
 * Waits until the task of every load generator, and of every server that is one, runs: whoever gives it work waits for
 * seconds only.
 * @throws TerraformFailedError with ECS's own reason where one cannot start
 */
export async function untilTasksRun(
  clients: Pick<CloudClients, 'ecs'>,
  owner: Owner,
  attempt: Attempt,
  { what = 'load generators', timeoutMs: most = timeoutMs, pauseMs = lookEveryMs } = {},
): Promise<void> {
  const deadline = Date.now() + most;
  for (;;) {
    assertOwned(attempt);
    // Whoever cancels is answered by the caller.
    if (attempt.ending() !== null) return;
    const { services, running, problem } = await lookAtTasks(clients, owner);
    if (problem !== null) throw new TerraformFailedError(problem, []);
    if (services > 0 && running === services) return;
    attempt.report({ waitsFor: `${what} on Fargate, of which ${running} of ${services} run` });
    if (Date.now() > deadline) {
      throw new TerraformFailedError(
        `of ${services} ${what} ${running} run after ${Math.round(most / 60_000)} minutes; the log group of the experiment may say why`,
        [],
      );
    }
    await delay(pauseMs);
  }
}
