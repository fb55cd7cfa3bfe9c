import type { Level } from '../../contracts/documents/load-parts.ts';
import { formatMs, formatRate } from '../report/format.ts';
import { medianOf } from '../statistics/median.ts';
import { sum } from '../sum.ts';
import { trendOf, unevenness } from './trend.ts';

/** What a load came to in one full second. */
export interface LoadSecond {
  acknowledged: number;
  /** null where it cannot be said how many should have come. */
  received: number | null;
  /** From the intended time to the consumer, or to the acknowledgement where nothing is consumed; null without any. */
  p50Ms: number | null;
  p99Ms: number | null;
}

/** On so many seconds it is decided: on fewer, noise looks like a trend; on more, what is long past does. */
export const leastSeconds = 7;
export const mostSeconds = 10;

/** So many messages at least, or their latencies say nothing. */
const leastMessages = 20;

/** Share of what was due by which less may come through. */
const mostShortfall = 0.02;

/** A change that is smaller is none: in proportion, and in milliseconds. The larger, the surer must be that it is chance. */
const median = { share: 0.1, ms: 0.2, chance: 0.1, largeShare: 0.25, largeChance: 0.3 };
/** The tail comes and goes by itself. */
const tail = { share: 0.5, ms: 1, chance: 0.05, largeShare: 2, largeChance: 0.05 };

/** When a warm-up is first looked at, in seconds: as soon as it may end, and can be told from noise where it ever can. */
export function firstLookSeconds(warmupSeconds: number, duePerSecond: number): number {
  const canBeTold = duePerSecond * leastSeconds >= leastMessages;
  return Math.max(Math.ceil(warmupSeconds), canBeTold ? leastSeconds : 0);
}

/**
 * Whether a load has become level, by its last seconds: what was due comes through, and neither the median latency nor
 * the tail has a trend that is large enough to matter and too clear for noise.
 * @param seconds full ones, in order
 * @param duePerSecond messages
 * @param endsAtSecond of the load: what is on its way when it begins is still missing then
 */
export function levelOf(
  seconds: readonly LoadSecond[],
  duePerSecond: number,
  endsAtSecond = Number.POSITIVE_INFINITY,
): Level {
  const last = seconds.slice(-mostSeconds);
  if (last.length < leastSeconds || duePerSecond * last.length < leastMessages) return notTold;
  const short = shortfallOf(last, duePerSecond, endsAtSecond);
  if (short) return { level: false, moving: 'worse', reason: short };
  return (
    movement(
      'p50',
      last.flatMap(({ p50Ms }) => p50Ms ?? []),
      median,
    ) ??
    movement(
      'p99',
      last.flatMap(({ p99Ms }) => p99Ms ?? []),
      tail,
    ) ??
    level
  );
}

export const level: Level = { level: true, moving: null, reason: null };
/** Where it cannot be told. */
export const notTold: Level = { level: null, moving: null, reason: null };

/** That too little came through of a load, in words; null where it was enough. */
export function shortfallOf(
  seconds: readonly LoadSecond[],
  duePerSecond: number,
  endsAtSecond = Number.POSITIVE_INFINITY,
): string | null {
  const last = seconds.slice(-mostSeconds);
  const delaySeconds = medianOf(last.flatMap(({ p50Ms }) => p50Ms ?? [])) / 1_000 || 0;
  const under = Math.max(0, delaySeconds - (endsAtSecond - last.length));
  return (
    shortfall('acknowledged', last, duePerSecond, 0) ??
    shortfall('received', last, duePerSecond, under * duePerSecond)
  );
}

/** That too little came through, in words; null where it was enough. What one second lacks, another may have. */
function shortfall(
  side: 'acknowledged' | 'received',
  seconds: readonly LoadSecond[],
  duePerSecond: number,
  onItsWay: number,
): string | null {
  const counts = seconds.flatMap((second) => second[side] ?? []);
  if (counts.length === 0) return null;
  const due = duePerSecond * counts.length;
  if (due - sum(counts) - onItsWay <= mostShortfall * due + unevenness(counts)) return null;
  const came = formatRate(sum(counts) / counts.length);
  return `less came through than was due: ${came} of ${formatRate(duePerSecond)} messages/s were ${side}`;
}

/** How a latency moved, as what is not level; null where it did not, beyond what is nothing to anybody or chance. */
function movement(name: string, valuesMs: readonly number[], least: typeof median): Level | null {
  if (valuesMs.length < 3) return null;
  // In proportion: what halves every second is as far from its end as it was.
  const logs = valuesMs.map((ms) => Math.log(Math.max(ms, leastMs)));
  const { change, chance } = trendOf(logs);
  const middle = medianOf(logs);
  const [first, last] = [Math.exp(middle - change / 2), Math.exp(middle + change / 2)];
  const share = Math.abs(last - first) / Math.min(first, last);
  if (share < least.share || Math.abs(last - first) < least.ms) return null;
  if (chance > (share < least.largeShare ? least.chance : least.largeChance)) return null;
  const [way, moving] = last < first ? (['falling', 'better'] as const) : (['rising', 'worse'] as const);
  const reason = `latency was still ${way}: its ${name} went from ${formatMs(first)} to ${formatMs(last)} ms in ${valuesMs.length} s`;
  return { level: false, moving, reason };
}

/** What a clock tells apart. */
const leastMs = 0.001;
