import { worst, worstLatencies } from '../../analysis/latency/worst-latencies.ts';
import {
  type LiveStats,
  liveStatsSchema,
  type TerraformProgress,
  terraformProgressSchema,
} from '../../contracts/documents/progress.ts';

/** The last heartbeat of a pending activity. */
export interface Heartbeat {
  activityType: string;
  details: unknown;
}

const loadActivities = ['openSession', 'produce', 'consume'];

/**
 * One picture from the heartbeats of all load activities: generators of the same activity add up; a producer and a
 * consumer may each report both sides or only their own, so of the two sums the greater counts. Percentiles cannot be
 * added: the worst is shown.
 * @returns null while no load activity has reported
 */
export function mergeLiveStats(heartbeats: readonly Heartbeat[]): LiveStats | null {
  const byType = loadActivities.flatMap((type) => {
    const stats = heartbeats
      .filter(({ activityType }) => activityType === type)
      .flatMap(({ details }) => liveStatsSchema.safeParse(details).data ?? []);
    return stats.length > 0 ? [combine(stats, (a, b) => a + b)] : [];
  });
  if (byType.length === 0) return null;
  const merged = combine(byType, Math.max);
  return { ...merged, backlog: Math.max(0, merged.acknowledged - merged.received) };
}

/** What the terraform of a pending activity is about; null while no activity has told. */
export function terraformProgressOf(heartbeats: readonly Heartbeat[]): TerraformProgress | null {
  const told = heartbeats.find(({ activityType }) => ['provision', 'destroy'].includes(activityType));
  return terraformProgressSchema.safeParse(told?.details).data ?? null;
}

function combine(stats: readonly LiveStats[], counted: (a: number, b: number) => number): LiveStats {
  return stats.reduce((a, b) => ({
    atEpochMs: Math.max(a.atEpochMs, b.atEpochMs),
    probe: worst(a.probe, b.probe),
    intendedPerSecond: Math.max(a.intendedPerSecond, b.intendedPerSecond),
    secondsElapsed: Math.max(a.secondsElapsed, b.secondsElapsed),
    secondsTotal: Math.max(a.secondsTotal, b.secondsTotal),
    producedPerSecond: counted(a.producedPerSecond, b.producedPerSecond),
    consumedPerSecond: counted(a.consumedPerSecond, b.consumedPerSecond),
    acknowledged: counted(a.acknowledged, b.acknowledged),
    received: counted(a.received, b.received),
    backlog: counted(a.backlog, b.backlog),
    failed: counted(a.failed, b.failed),
    ...worstLatencies(a, b),
    ownLatenessP99Ms: worst(a.ownLatenessP99Ms, b.ownLatenessP99Ms),
  }));
}
