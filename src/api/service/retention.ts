import { setTimeout as delay } from 'node:timers/promises';
import type { WorkDetail, WorkService } from '../common/work-calls.ts';
import type { RouteContext } from '../context.ts';
import type { Logger } from '../http/logger.ts';
import { HttpProblem } from '../http/problems.ts';

const dayMs = 24 * 3_600_000;
const betweenSweepsMs = 3_600_000;

/**
 * Deletes what ended longer ago than that, once an hour, until the service stops. Comparisons go before experiments, so
 * that none refers to what is gone; what may not be deleted yet is left for a later time.
 */
export async function keepFor(
  days: number,
  context: Pick<RouteContext, 'experiments' | 'comparisons' | 'now' | 'shutdown'>,
  log: Logger,
): Promise<void> {
  const { shutdown } = context;
  while (!shutdown.aborted) {
    await sweep(days, context, log).catch((error) => log.warn({ err: error }, 'old work cannot be deleted'));
    await delay(betweenSweepsMs, undefined, { signal: shutdown }).catch(() => {});
  }
}

/** One time over all of it; one that cannot be deleted keeps no other from it. */
export async function sweep(
  days: number,
  {
    experiments,
    comparisons,
    now,
    shutdown,
  }: Pick<RouteContext, 'experiments' | 'comparisons' | 'now' | 'shutdown'>,
  log: Logger,
): Promise<void> {
  const before = new Date(now().getTime() - days * dayMs);
  await removeEnded(comparisons, before, shutdown, log);
  await removeEnded(experiments, before, shutdown, log);
}

async function removeEnded<Detail extends WorkDetail>(
  service: WorkService<Detail> & { endedBefore(instant: Date): Promise<string[]> },
  before: Date,
  shutdown: AbortSignal,
  log: Logger,
): Promise<void> {
  for (const id of await service.endedBefore(before)) {
    if (shutdown.aborted) return;
    await attempt(log, id, async () => {
      const detail = await service.detail(id);
      if (detail && service.isClosed(detail)) await service.remove(detail);
    });
  }
}

async function attempt(log: Logger, id: string, remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
    log.info({ id }, 'deleted after its time');
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    log.warn({ id }, error.message);
  }
}
