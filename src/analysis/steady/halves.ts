import type { Level } from '../../contracts/documents/load-parts.ts';
import { formatNumber } from '../report/format.ts';
import { medianOf } from '../statistics/median.ts';
import { sum } from '../sum.ts';
import { level, notTold } from './level.ts';
import { unevenness } from './trend.ts';

/** What came in one full second of a measurement. */
export interface ArrivedSecond {
  consumed: number;
  /** null where nothing came. */
  p50Ms: number | null;
}

/** A half of fewer seconds shows nothing. */
const leastHalfSeconds = 3;

/** Share by which the median latency of the halves may differ; twice that where they are too short for five blocks. */
const mostShare = 0.25;
const mostMs = 0.2;

/**
 * Neighbouring seconds resemble each other, blocks of them less so: halves differ where every block of the one lies
 * beyond every block of the other, which chance does to five and five in 1 of 126.
 */
const blocksPerHalf = 5;

/** Share by which what came may differ, beyond what two seconds, at the edges of a half, have more or less than others. */
const mostThroughputShare = 0.05;

/**
 * Whether the halves of a measurement at one rate are alike.
 * @param seconds full ones, in order, from when the first messages can have come
 */
export function halvesOf(seconds: readonly ArrivedSecond[]): Level {
  const length = Math.floor(seconds.length / 2);
  if (length < leastHalfSeconds) return notTold;
  const [first, second] = [seconds.slice(0, length), seconds.slice(-length)];
  if (sum(first.map(({ consumed }) => consumed)) === 0) return notTold;
  return latencyDiffers(first, second) ?? throughputDiffers(first, second) ?? level;
}

function latencyDiffers(first: readonly ArrivedSecond[], second: readonly ArrivedSecond[]): Level | null {
  const [earlier, later] = [first, second].map((half) => half.flatMap(({ p50Ms }) => p50Ms ?? [])) as [
    number[],
    number[],
  ];
  if (Math.min(earlier.length, later.length) < leastHalfSeconds) return null;
  const [before, after] = [medianOf(earlier), medianOf(later)];
  const share = after / before - 1;
  const least = first.length < blocksPerHalf ? 2 * mostShare : mostShare;
  if (Math.abs(share) <= least || Math.abs(after - before) < mostMs) return null;
  const [one, other] = [blocksOf(earlier), blocksOf(later)];
  const isApart = Math.max(...one) < Math.min(...other) || Math.min(...one) > Math.max(...other);
  if (!isApart) return null;
  const [way, where] = share < 0 ? ['still falling', 'below'] : ['rising', 'above'];
  return {
    level: false,
    moving: share < 0 ? 'better' : 'worse',
    reason: `latency was ${way}: the p50 of the second half is ${percent(share)} ${where} the first`,
  };
}

/** Medians of stretches as long as each other, or nearly. */
function blocksOf(values: readonly number[]): number[] {
  const count = Math.min(blocksPerHalf, values.length);
  const edge = (block: number) => Math.floor((block * values.length) / count);
  return Array.from({ length: count }, (_, block) => medianOf(values.slice(edge(block), edge(block + 1))));
}

function throughputDiffers(first: readonly ArrivedSecond[], second: readonly ArrivedSecond[]): Level | null {
  const counts = (half: readonly ArrivedSecond[]) => half.map(({ consumed }) => consumed);
  const [before, after] = [sum(counts(first)), sum(counts(second))];
  const most =
    mostThroughputShare * before + 2 * Math.max(unevenness(counts(first)), unevenness(counts(second)));
  if (Math.abs(after - before) <= most) return null;
  const share = after / before - 1;
  const [way, more] = share < 0 ? ['falling', 'less'] : ['still rising', 'more'];
  return {
    level: false,
    moving: share < 0 ? 'worse' : 'better',
    reason: `throughput was ${way}: the second half carried ${percent(share)} ${more} than the first`,
  };
}

const percent = (share: number) => `${formatNumber(Math.abs(share) * 100)}%`;
