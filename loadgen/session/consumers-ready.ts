import type { LoadThread } from '../threads/load-thread.ts';

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
 * Resolves once the consumers have their partitions.
 * @param complete whether these are all consumers of the session, so that together they must read everything
 */
export function consumersReady(consumers: readonly LoadThread[], complete: boolean): Promise<void> {
  const assignments: (number[] | null)[] = consumers.map(() => null);
  return new Promise((resolve) => {
    consumers.forEach((consumer, index) => {
      consumer.listen((report) => {
        if (report.type !== 'assigned') return;
        assignments[index] = report.partitions;
        const ready = complete ? coversAll(assignments, report.total) : !assignments.includes(null);
        if (ready) resolve();
      });
    });
  });
}
