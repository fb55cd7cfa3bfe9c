import type { FaultWorld } from '../world/world.ts';
import { landedIn } from './check-cell.ts';

/** Experiments that disturbed each other; one that waits for a person may leave things beside the next. */
export async function measuredAtOnce(world: FaultWorld): Promise<string[]> {
  const problems: string[] = [];
  for (const { ids, atEpochMs } of world.sampler.together()) {
    const progresses = await Promise.all(ids.map((id) => world.progress(id)));
    if (progresses.some((progress) => landedIn('needs-operator', atEpochMs, progress))) continue;
    problems.push(`${new Date(atEpochMs).toISOString()} ${ids.join(' and ')}`);
    // One says it all, and each costs a query.
    break;
  }
  return problems;
}
