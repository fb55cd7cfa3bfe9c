import type { LoadThread } from '../threads/load-thread.ts';
import type { Exchange } from './exchange.ts';

/** The partitions that each of a generator's consumers last reported, of how many; null where there was no report. */
interface Assignments {
  partitions: (number[] | null)[];
  total: number | null;
}

const topic = 'assigned';

/**
 * Whether the consumers, each with the partitions it last reported, read every partition exactly once. A group that is
 * still rebalancing shows partitions that two of them believe to have, or that nobody has.
 */
export function coversAll(assignments: readonly (readonly number[] | null)[], total: number): boolean {
  if (assignments.some((partitions) => partitions === null)) return false;
  const all = assignments.flatMap((partitions) => partitions ?? []);
  return all.length === total && new Set(all).size === total;
}

/**
 * Resolves once the consumers of the session, over all its load generators, have their partitions; at once where a single
 * generator has none.
 * @param exchange null where there is one generator, which need not ask
 * @param signal ends the waiting
 * @throws SessionError when it takes too long, and others are part of it
 */
export async function consumersReady(
  consumers: readonly LoadThread[],
  exchange: Exchange | null,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  const here: Assignments = { partitions: consumers.map(() => null), total: null };
  const listen = (changed: () => void) => {
    consumers.forEach((consumer, index) => {
      consumer.listen((report) => {
        if (report.type !== 'assigned') return;
        here.partitions[index] = report.partitions;
        here.total = report.total;
        changed();
      });
    });
  };
  if (!exchange) {
    if (consumers.length === 0) return;
    return new Promise((resolve) => {
      listen(() => {
        if (here.total !== null && coversAll(here.partitions, here.total)) resolve();
      });
    });
  }
  let untold = consumers.length > 0;
  listen(() => {
    untold = true;
  });
  await exchange.ask(
    'the consumers were not given all partitions',
    async () => {
      if (untold) {
        untold = false;
        await exchange.tell(topic, here);
      }
      const all = [here, ...((await exchange.hear(topic, exchange.consuming)) as (Assignments | null)[])];
      const total = all.map((one) => one?.total ?? null).find((one) => one !== null);
      if (untold || all.includes(null) || total === undefined || total === null) return false;
      return coversAll(
        all.flatMap((one) => one?.partitions ?? []),
        total,
      );
    },
    signal,
    timeoutMs,
  );
}
