import { besideBound } from '../latency/bucket.ts';

/** Thousands separated by commas, `5,000`; at most `digits` decimals. */
export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** About three significant digits, as a person reads a latency: `0.34`, `12.3`, `1,204`; `–` where not measured. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  return formatNumber(ms, msDigits(ms));
}

function msDigits(ms: number): number {
  const size = Math.abs(ms);
  return size < 10 ? digitsAgainst(size, 0, 2) : size < 100 ? 1 : 0;
}

/** A percentage with one decimal, or as many as show that it is not 0. */
export function formatPercent(percent: number): string {
  return `${formatNumber(percent, digitsAgainst(percent, 0, 1))}%`;
}

/** A whole number, or `–` where not measured. */
export function formatCount(count: number | null): string {
  return count === null ? '–' : formatNumber(count);
}

/** A rate in three digits or as a whole number, `0.2`, `12.5`, `5,000`: one below 1 is not none. `–` where not measured. */
export function formatRate(perSecond: number | null): string {
  return perSecond === null ? '–' : formatNumber(perSecond, rateDigits(perSecond));
}

function rateDigits(perSecond: number): number {
  if (perSecond === 0) return 0;
  return Math.min(mostDigits, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(perSecond)))));
}

/** A count with its noun: `1 variant`, `2 variants`. */
export function counted(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A number with the unit that its metric's name carries: `12.3 ms`, `5,000 messages/s`, `0`. */
export function formatMetric(path: string, value: number): string {
  const { unit, digits } = unitOf(path, value);
  return formatNumber(value, digits) + unit;
}

/** A bound as it was given, with its metric's unit: one that is rounded is another bound. */
export function formatBound(path: string, bound: number): string {
  return formatNumber(bound, mostDigits) + unitOf(path, bound).unit;
}

/** A value of a metric with as many digits as show on which side of a bound, which stands beside it in full, it lies. */
export function formatAgainst(path: string, value: number, bound: number): string {
  return numberAgainst(path, value, bound) + unitOf(path, value).unit;
}

/** The same without its unit. */
export function numberAgainst(path: string, value: number, bound: number): string {
  const shown = besideBound(path, value, bound);
  return formatNumber(shown, digitsAgainst(shown, bound, unitOf(path, shown).digits));
}

/** As many decimals as are given, or more where a rounded value would lie elsewhere than itself: on the bound, or beyond. */
export function digitsAgainst(value: number, bound: number, least: number): number {
  let digits = least;
  while (digits < mostDigits && Math.sign(roundedTo(value, digits) - bound) !== Math.sign(value - bound)) {
    digits++;
  }
  return digits;
}

const roundedTo = (value: number, digits: number) => Number(formatNumber(value, digits).replaceAll(',', ''));

/** Two values of a metric, each with as many digits as tell them apart: `100.4 ms` and `100 ms`. */
export function formatApart(path: string, one: number, other: number): [string, string] {
  const text = (value: number, more: number) => {
    const { unit, digits } = unitOf(path, value);
    return formatNumber(value, digits + more) + unit;
  };
  for (let more = 0; ; more++) {
    const texts: [string, string] = [text(one, more), text(other, more)];
    if (texts[0] !== texts[1] || one === other || more === mostDigits) return texts;
  }
}

/** As many as a number in JavaScript has. */
const mostDigits = 17;

/** The unit that a metric's name carries, and how many decimals of this value a person reads. */
function unitOf(path: string, value: number): { unit: string; digits: number } {
  if (path.endsWith('Ms')) return { unit: ' ms', digits: msDigits(value) };
  if (path.endsWith('messagesPerSecond')) {
    return { unit: ' messages/s', digits: Math.max(1, rateDigits(value)) };
  }
  if (path.endsWith('bytesPerSecond')) return { unit: ' bytes/s', digits: rateDigits(value) };
  if (path.endsWith('Seconds')) return { unit: ' s', digits: digitsAgainst(value, 0, 1) };
  return { unit: '', digits: digitsAgainst(value, 0, 3) };
}

/** Milliseconds as a person says them: `850 ms`, `12 s`, `3 min 20 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120
    ? inTwo(minutes, 'min', seconds % 60, 's')
    : inTwo(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function inTwo(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
}
