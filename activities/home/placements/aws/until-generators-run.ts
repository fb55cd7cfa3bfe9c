import { setTimeout as delay } from 'node:timers/promises';
import { type Attempt, assertOwned } from '../../attempt.ts';
import { TerraformFailedError } from '../../errors.ts';
import type { CloudClients } from './clients.ts';
import type { Owner } from './finding.ts';
import { lookAtGenerators } from './generators.ts';

/** Fargate fetches the image and starts it within a minute or two. */
const timeoutMs = 10 * 60_000;
const lookEveryMs = 3_000;

/**
 * Waits until every load generator's task runs: whoever gives it work waits for seconds only.
 * @throws TerraformFailedError with ECS's own reason where one cannot start
 */
export async function untilGeneratorsRun(
  clients: Pick<CloudClients, 'ecs'>,
  owner: Owner,
  attempt: Attempt,
  { timeoutMs: most = timeoutMs, pauseMs = lookEveryMs } = {},
): Promise<void> {
  const deadline = Date.now() + most;
  for (;;) {
    assertOwned(attempt);
    // Whoever cancels is answered by the caller.
    if (attempt.ending() !== null) return;
    const { services, running, problem } = await lookAtGenerators(clients, owner);
    if (problem !== null) throw new TerraformFailedError(`a load generator does not start: ${problem}`, []);
    if (services > 0 && running === services) return;
    attempt.report({ waitsFor: `load generators on Fargate, of which ${running} of ${services} run` });
    if (Date.now() > deadline) {
      throw new TerraformFailedError(
        `of ${services} load generators ${running} run after ${Math.round(most / 60_000)} minutes; the log group of the experiment may say why`,
        [],
      );
    }
    await delay(pauseMs);
  }
}
