import { setTimeout as delay } from 'node:timers/promises';
import type { WorkDetail, WorkService } from '../common/work-calls.ts';
import type { RouteContext } from '../context.ts';
import type { Logger } from '../http/logger.ts';
import { HttpProblem } from '../http/problems.ts';

type RetentionContext = Pick<RouteContext, 'experiments' | 'comparisons' | 'auditTrail' | 'now' | 'shutdown'>;

const dayMs = 24 * 3_600_000;
const betweenSweepsMs = 3_600_000;

/**
 * Deletes what ended longer ago than that, once an hour, until the service stops. Comparisons go before experiments, so
 * that none refers to what is gone; what may not be deleted yet is left for a later time.
 */
export async function keepFor(days: number, context: RetentionContext, log: Logger): Promise<void> {
  const { shutdown } = context;
  while (!shutdown.aborted) {
    await sweep(days, context, log).catch((error) => log.warn({ err: error }, 'old work cannot be deleted'));
    await delay(betweenSweepsMs, undefined, { signal: shutdown }).catch(() => {});
  }
}

/** One time over all of it; one that cannot be deleted keeps no other from it. */
export async function sweep(days: number, context: RetentionContext, log: Logger): Promise<void> {
  const before = new Date(context.now().getTime() - days * dayMs);
  await removeEnded(context.comparisons, before, context, log);
  await removeEnded(context.experiments, before, context, log);
}

async function removeEnded<Detail extends WorkDetail>(
  service: WorkService<Detail> & { endedBefore(instant: Date): Promise<string[]> },
  before: Date,
  { now, shutdown, auditTrail }: RetentionContext,
  log: Logger,
): Promise<void> {
  for (const id of await service.endedBefore(before)) {
    if (shutdown.aborted) return;
    await attempt(log, id, async () => {
      const detail = await service.detail(id);
      if (!detail || !service.isClosed(detail)) return;
      await service.remove(detail);
      const what = `DELETE /api/${service.kind}s/{id}`;
      auditTrail.note({
        at: now().toISOString(),
        who: 'retention',
        what,
        id,
        outcome: 'accepted',
        status: 204,
      });
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
