import { type Assignments, assignmentsSchema } from '../../src/contracts/documents/load-parts.ts';
import type { LoadThread } from '../threads/load-thread.ts';
import type { Exchange } from './exchange.ts';

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
  if (exchange) return allReady(consumers, here, exchange, signal, timeoutMs);
  if (consumers.length === 0) return;
  return new Promise((resolve) => {
    listen(consumers, here, () => {
      if (here.total !== null && coversAll(here.partitions, here.total)) resolve();
    });
  });
}

/** Resolves once the consumers of all load generators have their partitions; each posts what its own have. */
async function allReady(
  consumers: readonly LoadThread[],
  here: Assignments,
  exchange: Exchange,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  let changed = consumers.length > 0;
  listen(consumers, here, () => {
    changed = true;
  });
  await exchange.pollUntil(
    'the consumers were not given all partitions',
    async () => {
      if (changed) {
        changed = false;
        await exchange.post(topic, here);
      }
      const elsewhere = await exchange.postsOf(topic, assignmentsSchema, exchange.consuming);
      return !changed && coverTogether([here, ...elsewhere]);
    },
    signal,
    timeoutMs,
  );
}

/** Whether every generator has told, and their consumers together read every partition exactly once. */
function coverTogether(generators: readonly (Assignments | null)[]): boolean {
  const told = generators.filter((assignments) => assignments !== null);
  const total = told.map((assignments) => assignments.total).find((partitions) => partitions !== null);
  if (told.length < generators.length || total === undefined || total === null) return false;
  return coversAll(
    told.flatMap(({ partitions }) => partitions),
    total,
  );
}

/** Keeps what each consumer last reported, calling back with every change. */
function listen(consumers: readonly LoadThread[], here: Assignments, changed: () => void): void {
  consumers.forEach((consumer, index) => {
    consumer.listen((report) => {
      if (report.type !== 'assigned') return;
      here.partitions[index] = report.partitions;
      here.total = report.total;
      changed();
    });
  });
}
