import type { RateStep } from '../contracts/input/workload.ts';

/** How what was due and had not come changed over the second half of a schedule: a line of least squares. */
export interface BacklogGrowth {
  /** Messages by which it grew each second; negative when it shrank. */
  perSecond: number;
  /** Standard error of that; null where there are too few seconds for one. */
  errorPerSecond: number | null;
  /** Seconds from the first point of the line to the last. */
  overSeconds: number;
  /** Messages that were due and had not come at the end. */
  atEnd: number;
  /** Messages a second that were due meanwhile. */
  duePerSecond: number;
}

/** A backlog that grew by less than this many seconds of the load has not grown. */
const leastGrowthSeconds = 0.1;
/** Growth of less than this many standard errors is noise. */
const leastErrors = 3;
/** Seconds without which noise cannot be told from growth. */
const leastPoints = 4;

/**
 * @param steps what was due
 * @param arrived messages that came in each full second, from the first on
 * @returns null for less than two seconds
 */
export function backlogGrowth(steps: readonly RateStep[], arrived: readonly number[]): BacklogGrowth | null {
  const seconds = Math.floor(steps.reduce((sum, step) => sum + step.seconds, 0));
  if (seconds < 2) return null;
  let came = 0;
  const backlog = Array.from({ length: seconds }, (_, index) => {
    came += arrived[index] ?? 0;
    return dueBy(steps, index + 1) - came;
  });
  const first = Math.max(0, Math.min(Math.floor(seconds / 2) - 1, seconds - leastPoints));
  const points = backlog.slice(first);
  const overSeconds = points.length - 1;
  const { slope, error } = line(points);
  return {
    perSecond: slope,
    errorPerSecond: error,
    overSeconds,
    atEnd: backlog.at(-1) as number,
    duePerSecond: (dueBy(steps, seconds) - dueBy(steps, first + 1)) / overSeconds,
  };
}

/**
 * Whether the backlog grew, beyond what comes and goes by itself. A steady delay, however long, is no growth, and
 * neither is a backlog that is gone at the end.
 */
export function hasGrown({
  perSecond,
  errorPerSecond,
  overSeconds,
  atEnd,
  duePerSecond,
}: BacklogGrowth): boolean {
  const least = Math.max(
    leastGrowthSeconds * duePerSecond,
    leastErrors * (errorPerSecond ?? 0) * overSeconds,
  );
  return perSecond * overSeconds >= least && atEnd >= leastGrowthSeconds * duePerSecond;
}

/** Messages due in the first seconds of a schedule. */
function dueBy(steps: readonly RateStep[], seconds: number): number {
  let left = seconds;
  let due = 0;
  for (const step of steps) {
    due += step.messagesPerSecond * Math.max(0, Math.min(left, step.seconds));
    left -= step.seconds;
  }
  return due;
}

/** The line of least squares through points that lie 1 apart: what it rises from one to the next. */
function line(points: readonly number[]): { slope: number; error: number | null } {
  const meanX = (points.length - 1) / 2;
  const meanY = points.reduce((sum, value) => sum + value, 0) / points.length;
  let covariance = 0;
  let variance = 0;
  points.forEach((value, x) => {
    covariance += (x - meanX) * (value - meanY);
    variance += (x - meanX) ** 2;
  });
  const slope = covariance / variance;
  if (points.length < leastPoints) return { slope, error: null };
  const squares = points.reduce((sum, value, x) => sum + (value - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(squares / (points.length - 2) / variance) };
}
