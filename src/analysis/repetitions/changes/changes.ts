import type { Report, ReportColumn } from '../../../contracts/documents/api.ts';
import { type MessageCount, messageCounts } from '../../../contracts/input/metric.ts';
import { finiteOrNull } from '../../statistics/finite-or-null.ts';
import { medianOf } from '../../statistics/median.ts';
import { type Shift, shiftOf } from '../../statistics/two-samples.ts';
import { flawOfEither } from '../flaws.ts';
import { wholeRuns } from '../whole-runs.ts';
import { type Better, betterOf } from './better.ts';
import type { Change } from './change.ts';
import { countChange } from './count-change.ts';

/** Counts of messages that are compared in any case. */
const losses: readonly MessageCount[] = ['lost', 'failed', 'duplicated'];

/** Variants that both reports have, as their names say. */
export function variantsOfBoth(before: Report, after: Report): { then: ReportColumn; now: ReportColumn }[] {
  return after.columns.flatMap((now) => {
    const then = before.columns.find(({ name }) => name === now.name);
    return then ? [{ then, now }] : [];
  });
}

/** What has changed from an earlier report to a later one, variant by variant, in every metric that either has. */
export function changesBetween(before: Report, after: Report): Change[] {
  return variantsOfBoth(before, after).flatMap(({ then, now }) => {
    const metrics = [
      ...new Set([then, now].flatMap(({ runs }) => runs.flatMap((run) => Object.keys(run.measured)))),
    ].filter((metric) => !metric.startsWith('messages.'));
    return [
      ...metrics.map((metric) => changeOf(then, now, metric)),
      ...countsOf(then, now).flatMap((count) => countChange(then, now, count) ?? []),
    ];
  });
}

/** Those that tell of a fault, and those that a requirement bounds and of which less is better. */
function countsOf(then: ReportColumn, now: ReportColumn): MessageCount[] {
  const bounded = [then, now].flatMap(({ verdicts }) => verdicts.map(({ metric }) => metric));
  return (Object.keys(messageCounts) as MessageCount[]).filter((count) => {
    const metric = `messages.${count}`;
    return losses.includes(count) || (bounded.includes(metric) && betterOf(metric) === 'less');
  });
}

function changeOf(then: ReportColumn, now: ReportColumn, metric: string): Change {
  const better = betterOf(metric);
  const [earlier, later] = [valuesOf(then, metric, better), valuesOf(now, metric, better)];
  const [before, after] = [finiteOrNull(medianOf(earlier)), finiteOrNull(medianOf(later))];
  const blank = { label: now.label, metric, before, after, worsePercent: null };
  const missing = missingFrom(earlier, later);
  if (missing) return { ...blank, ratio: null, finding: 'unknown', reason: missing };
  const shift = shiftOf(earlier.map(Math.log), later.map(Math.log));
  const estimate = Math.exp(shift.estimate);
  const [low, high] = [shift.low, shift.high].map((end) => (end === null ? null : Math.exp(end)));
  const worse = rounded((better === 'more' ? 1 - estimate : estimate - 1) * 100);
  const { finding, reason } = findingOf(then, now, { metric, better, shift, runs: [earlier, later] });
  const isEndless = [estimate, low ?? 1, high ?? 1].some((value) => !Number.isFinite(value));
  return {
    ...blank,
    ratio: {
      estimate: finiteOrNull(estimate),
      low: finiteOrNull(low ?? null),
      high: finiteOrNull(high ?? null),
    },
    finding,
    worsePercent: better === null ? null : finiteOrNull(worse),
    reason: reason ?? (isEndless ? beyondNumbers([...earlier, ...later]) : null),
  };
}

/** Without what logarithms leave: twice as much is 100% more, and no less. */
function rounded(percent: number): number {
  return Number.isFinite(percent) ? Number(percent.toFixed(9)) : percent;
}

/** What has no ratio: a latency of what never came, and what was 0. */
function beyondNumbers(values: readonly number[]): string {
  const why = values.includes(Number.POSITIVE_INFINITY) ? 'messages never came' : 'one was 0';
  return `beyond any number: ${why}`;
}

function findingOf(
  then: ReportColumn,
  now: ReportColumn,
  {
    metric,
    better,
    shift: { low, high },
    runs: [earlier, later],
  }: { metric: string; better: Better; shift: Shift; runs: [number[], number[]] },
): Pick<Change, 'finding' | 'reason'> {
  const unknown = (reason: string) => ({ finding: 'unknown' as const, reason });
  if (better === null) return { finding: 'none', reason: 'neither more nor less of it is better' };
  const flaw = flawOfEither(then, now, metric);
  if (flaw) return unknown(flaw);
  if (low === null || high === null) {
    return unknown(`too few runs: ${earlier.length} then and ${later.length} now`);
  }
  if (low > 0) return { finding: better === 'more' ? 'better' : 'worse', reason: null };
  if (high < 0) return { finding: better === 'more' ? 'worse' : 'better', reason: null };
  return { finding: 'none', reason: null };
}

function missingFrom(earlier: readonly number[], later: readonly number[]): string | null {
  if (earlier.length > 0 && later.length > 0) return null;
  if (earlier.length === 0 && later.length === 0) return 'neither report has it';
  return `only the ${earlier.length > 0 ? 'earlier' : 'later'} report has it`;
}

/**
 * Of each run, less those that were cut short where there are others. Of one that measured something else, a rate of 0, and a latency of messages that
 * never came, are worse than any number.
 */
function valuesOf({ runs }: ReportColumn, metric: string, better: Better): number[] {
  const worst = better === 'more' ? 0 : Number.POSITIVE_INFINITY;
  return wholeRuns(runs).flatMap(({ measured }) => {
    if (measured[metric] === undefined) return [];
    const value = measured[metric];
    if (value !== null) return [value];
    return Object.values(measured).some((one) => one !== null) ? [worst] : [];
  });
}
