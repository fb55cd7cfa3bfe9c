import type { RateStep } from '../contracts/input/workload.ts';

/** What arrived in a second, and when in it. */
export interface ArrivalSecond {
  received: number;
  /** Seconds that this second still had when each message came, summed; null where that is not known. */
  secondsLeft: number | null;
}

/** A part of a schedule: seconds since its start. */
export interface Stretch {
  from: number;
  until: number;
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
/** In a schedule too short for a growth, this much more than the usual delay is none either. */
const leastLateSeconds = 0.02;
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
 * @param stretch whose backlog it is; the whole schedule where it is left out
 * @returns null for less than two full seconds
 */
export function backlogGrowth(
  steps: readonly RateStep[],
  arrived: readonly ArrivalSecond[],
  usualDelaySeconds = 0,
  stretch: Stretch = wholeOf(steps),
): BacklogGrowth | null {
  const from = Math.ceil(stretch.from);
  const seconds = Math.floor(stretch.until);
  if (seconds - from < 2) return null;
  const dueSeconds = (at: number) => dueMessageSeconds(steps, at - usualDelaySeconds);
  let came = 0;
  const backlog = Array.from({ length: seconds }, (_, index) => {
    const { received, secondsLeft } = arrived[index] ?? { received: 0, secondsLeft: 0 };
    const mean = dueSeconds(index + 1) - dueSeconds(index) - came - (secondsLeft ?? received / 2);
    came += received;
    return mean;
  });
  const first = from + firstOf(seconds - from);
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

/**
 * Whether a load left nothing behind that waits: its backlog grew in no step, or was gone again in the end. A step is
 * looked at by itself, with its own delay, for a higher rate may take longer without anything waiting.
 * @param delayIn what a message takes in a stretch when nothing waits, in seconds
 */
export function isCarried(
  steps: readonly RateStep[],
  arrived: readonly ArrivalSecond[],
  delayIn: (stretch: Stretch) => number,
): boolean {
  const whole = wholeOf(steps);
  const usual = delayIn(whole);
  const isGoneAt = (second: number, rate: number) =>
    waitingAt(steps, arrived, Math.floor(second), usual) < leastSeconds * rate;
  const stretches = stretchesOf(steps);
  const grew = stretches.map(({ rate, ...stretch }) => {
    const growth = backlogGrowth(steps, arrived, delayIn(stretch), stretch);
    if (growth) return hasGrown(growth);
    const overall = stretch.until === whole.until && backlogGrowth(steps, arrived, usual);
    return overall ? hasGrown(overall) : !isGoneAt(stretch.until, rate);
  });
  const last = stretches.at(-1);
  if (!grew.includes(true) || !last) return true;
  return grew.at(-1) !== true && isGoneAt(last.until, last.rate);
}

/**
 * The same of a schedule too short for a growth: whether no more came after it than what takes its usual delay. Where
 * something waits, what came first waited least, so that the usual delay is half of the last one's.
 * @param late messages that came after the end
 */
export function isOnlyDelayed(steps: readonly RateStep[], late: number, usualDelaySeconds: number): boolean {
  const { until } = wholeOf(steps);
  const delay = usualDelaySeconds + Math.max(leastLateSeconds, shareOfDelay * usualDelaySeconds);
  return late <= dueBy(steps, until) - dueBy(steps, until - delay);
}

/** What should have come by the end of a second, for all its usual delay, and had not. */
function waitingAt(
  steps: readonly RateStep[],
  arrived: readonly ArrivalSecond[],
  second: number,
  usualDelaySeconds: number,
): number {
  const came = arrived.slice(0, second).reduce((sum, { received }) => sum + received, 0);
  return dueBy(steps, second - usualDelaySeconds) - came;
}

function wholeOf(steps: readonly RateStep[]): Stretch {
  return { from: 0, until: steps.reduce((sum, step) => sum + step.seconds, 0) };
}

/** The steps that had any time, with when. */
function stretchesOf(steps: readonly RateStep[]): (Stretch & { rate: number })[] {
  let until = 0;
  return steps.flatMap(({ messagesPerSecond, seconds }) => {
    const from = until;
    until += seconds;
    return seconds > 0 ? [{ rate: messagesPerSecond, from, until }] : [];
  });
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
  return startedBy(steps, seconds).reduce((sum, { rate, lasted }) => sum + rate * lasted, 0);
}

/** The same summed over those seconds: what was due by each moment of them. */
function dueMessageSeconds(steps: readonly RateStep[], seconds: number): number {
  return startedBy(steps, seconds).reduce(
    (sum, { rate, lasted, left }) => sum + rate * lasted * (lasted / 2 + left),
    0,
  );
}

/** The steps as far as they lie in the first seconds, each with the time that is left of those after it. */
function startedBy(steps: readonly RateStep[], seconds: number) {
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
