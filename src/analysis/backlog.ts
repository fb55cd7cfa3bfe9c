import type { RateStep } from '../contracts/input/workload.ts';

/** What arrived in a second, and when in it. */
export interface ArrivalSecond {
  received: number;
  /** Seconds that this second still had when each message came, summed; null where that is not known. */
  secondsLeft: number | null;
}

/** How what was due and had not come changed over the later part of a schedule: a line of least squares. */
export interface BacklogGrowth {
  /** Messages by which it grew each second; negative when it shrank. */
  perSecond: number;
  /** Standard error of that; null where there are too few seconds for one. */
  errorPerSecond: number | null;
  /** Seconds that the line rests on. */
  seconds: number;
  /** Messages that should have come by the end, for all their usual delay, and had not. */
  atEnd: number;
  /** Messages a second that were due meanwhile. */
  duePerSecond: number;
  /** By how many seconds of the load it must grow to have grown. */
  leastGrowthSeconds: number;
}

/** A backlog that grew by less than this many seconds of the load has not grown. */
const leastSeconds = 0.1;
/** Without enough seconds for a standard error, a delay is taken to differ by this share of itself. */
const shareOfDelay = 0.4;
const secondsForError = 4;
/** Share of the schedule at whose end the rate is taken to have set in. */
const settlingShare = 0.3;
/**
 * How many standard errors chance makes up, by degrees of freedom, from 1: Student's t for 1 in 100, but for the first
 * two, with whose 31.8 and 7 next to nothing would be seen.
 */
const errorsOfChance = [6, 5, 4.54, 3.75, 3.36, 3.14, 3];

/**
 * Looks at the mean backlog of each second: it varies less than the backlog at the second's end, which depends on just
 * when the product handed over its last messages.
 * @param steps what was due
 * @param arrived what came in each full second, from the first on
 * @param usualDelaySeconds what a message takes when nothing waits; this much later it counts as due
 * @returns null for less than two seconds
 */
export function backlogGrowth(
  steps: readonly RateStep[],
  arrived: readonly ArrivalSecond[],
  usualDelaySeconds = 0,
): BacklogGrowth | null {
  const seconds = Math.floor(steps.reduce((sum, step) => sum + step.seconds, 0));
  if (seconds < 2) return null;
  const dueSeconds = (at: number) => dueMessageSeconds(steps, at - usualDelaySeconds);
  let came = 0;
  const backlog = Array.from({ length: seconds }, (_, index) => {
    const { received, secondsLeft } = arrived[index] ?? { received: 0, secondsLeft: 0 };
    const mean = dueSeconds(index + 1) - dueSeconds(index) - came - (secondsLeft ?? received / 2);
    came += received;
    return mean;
  });
  const first = firstOf(seconds);
  const points = backlog.slice(first);
  const { slope, error } = line(points);
  return {
    perSecond: slope,
    errorPerSecond: error,
    seconds: points.length,
    atEnd: dueBy(steps, seconds - usualDelaySeconds) - came,
    duePerSecond: (dueBy(steps, seconds) - dueBy(steps, first)) / points.length,
    leastGrowthSeconds:
      points.length < secondsForError
        ? Math.max(leastSeconds, shareOfDelay * usualDelaySeconds)
        : leastSeconds,
  };
}

/**
 * Whether the backlog grew, beyond what comes and goes by itself. A steady delay, however long, is no growth, and
 * neither is a backlog that is gone at the end.
 */
export function hasGrown(growth: BacklogGrowth): boolean {
  const { perSecond, errorPerSecond, seconds, atEnd, duePerSecond } = growth;
  const least = growth.leastGrowthSeconds * duePerSecond;
  const errors = errorsOfChance[Math.min(seconds - 2, errorsOfChance.length) - 1] ?? 0;
  return (
    perSecond * (seconds - 1) >= Math.max(least, errors * (errorPerSecond ?? 0) * (seconds - 1)) &&
    atEnd >= least
  );
}

/** From which overload on, in percent of what is carried, a schedule of so many seconds shows it, without any noise. */
export function leastOverloadPercent(scheduleSeconds: number): number {
  const seconds = Math.floor(scheduleSeconds);
  // Growth is compared with what is due, which is more than what is carried.
  const share = leastSeconds / (seconds - firstOf(seconds) - 1);
  return (share / (1 - share)) * 100;
}

/** The first second that counts; at least two are left. */
function firstOf(seconds: number): number {
  return Math.min(Math.floor(seconds * settlingShare), seconds - 2);
}

/** Messages due in the first seconds of a schedule. */
function dueBy(steps: readonly RateStep[], seconds: number): number {
  return stretches(steps, seconds).reduce((sum, { rate, lasted }) => sum + rate * lasted, 0);
}

/** The same summed over those seconds: what was due by each moment of them. */
function dueMessageSeconds(steps: readonly RateStep[], seconds: number): number {
  return stretches(steps, seconds).reduce(
    (sum, { rate, lasted, left }) => sum + rate * lasted * (lasted / 2 + left),
    0,
  );
}

/** The steps as far as they lie in the first seconds, each with the time that is left of those after it. */
function stretches(steps: readonly RateStep[], seconds: number) {
  let left = Math.max(0, seconds);
  return steps.map((step) => {
    const lasted = Math.min(left, step.seconds);
    left -= lasted;
    return { rate: step.messagesPerSecond, lasted, left };
  });
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
  if (points.length < 3) return { slope, error: null };
  const squares = points.reduce((sum, value, x) => sum + (value - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(squares / (points.length - 2) / variance) };
}
