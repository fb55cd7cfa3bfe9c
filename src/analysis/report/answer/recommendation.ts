import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { MetricDifference } from '../../../contracts/documents/report/differences.ts';
import type { Verdict } from '../../../contracts/documents/result.ts';
import { cheapestOf } from '../cost/cheapest.ts';
import { visibleText } from '../difference-table.ts';
import { formatMetric, formatNumber } from '../format.ts';

/** Which columns of a report to choose, best first, and why; none where no evidence says so. */
export interface Recommendation {
  /** Indexes of columns: several where nothing tells them apart. */
  columns: number[];
  /** One sentence each, the answer first. */
  reasons: string[];
}

/**
 * What the report advises. Only a variant that meets every requirement is ever advised; among several the cheapest,
 * where their costs can be compared, and among those that cost the same the one with the widest margin, where that it is
 * better was told from chance.
 * @returns null without requirements
 */
export function recommendationOf(
  columns: readonly ReportColumn[],
  differences: readonly MetricDifference[],
): Recommendation | null {
  if (columns.length < 2 || columns.every(({ verdicts }) => verdicts.length === 0)) return null;
  const able = columns.flatMap((column, index) => (isAble(column) ? [index] : []));
  const label = (index: number) => (columns[index] as ReportColumn).label;
  const others = columns.flatMap((column, index) => (able.includes(index) ? [] : [whyNot(column)]));
  if (able.length === 0)
    return { columns: [], reasons: ['No variant is shown to meet all requirements.', ...others] };
  if (able.length === 1) {
    const [only = 0] = able;
    const margin = marginText(columns[only]);
    const alike = columns.filter((column) => !isAble(column) && column.meetsRequirements === 'met');
    const answer =
      alike.length === 0
        ? `${label(only)} is the only one that meets all requirements${margin}.`
        : `${label(only)} meets all requirements${margin}; ${alike.map((one) => one.label).join(' and ')} ${alike.length === 1 ? 'does' : 'do'} too, by numbers on which no choice can rest (${[...new Set(alike.map(flawOf))].join(', ')}).`;
    return { columns: able, reasons: [answer, ...others] };
  }
  const { columns: cheapest, reason: cost } = cheapestOf(columns, able);
  if (cheapest.length === 1) return { columns: cheapest, reasons: [cost ?? '', ...others] };
  const { columns: chosen, reason } = byMargin(columns, differences, cheapest);
  const reasons = cheapest.length < able.length ? [cost, reason] : [reason, cost];
  return { columns: chosen, reasons: [...reasons.filter((one) => one !== null), ...others] };
}

/** Of several that meet all requirements, the one with the widest margin where that is told from chance, else all. */
function byMargin(
  columns: readonly ReportColumn[],
  differences: readonly MetricDifference[],
  able: readonly number[],
): { columns: number[]; reason: string } {
  const label = (index: number) => (columns[index] as ReportColumn).label;
  const ranked = able.toSorted((a, b) => marginOf(columns[b]) - marginOf(columns[a]));
  const [best = 0, ...rest] = ranked;
  const metric = tightest(columns[best])?.metric ?? null;
  const equals = rest.filter((index) => !isTold(differences, metric, best, index));
  if (equals.length === 0) {
    return {
      columns: ranked,
      reason: `${label(best)} meets all requirements with the widest margin${marginText(columns[best])}; ${rest.map(label).join(', ')} meet${rest.length === 1 ? 's' : ''} them too.`,
    };
  }
  const named = [best, ...equals];
  return {
    columns: named,
    reason: `${named.map(label).join(' and ')} meet all requirements, and nothing here tells which is better: ${equalsText(differences, metric, best, equals)}.`,
  };
}

/** What was still on the move is not to be ranked with what was not, whichever way it went. */
function isAble({ meetsRequirements, emulated, partial, measurement }: ReportColumn): boolean {
  return meetsRequirements === 'met' && !emulated && !partial && measurement?.steady !== false;
}

/** What keeps a column that meets all requirements from being advised. */
function flawOf({ emulated, partial }: ReportColumn): string {
  if (emulated) return 'emulated';
  return partial ? 'cut short' : 'not steady';
}

function whyNot({
  label,
  emulated,
  partial,
  meetsRequirements,
  verdicts,
  measurement,
}: ReportColumn): string {
  if (!measurement) return `${label} was not measured.`;
  const open = verdicts.filter(({ verdict }) => verdict !== 'met');
  if (meetsRequirements === 'not-met') {
    return `${label} misses ${open
      .filter(({ verdict }) => verdict === 'not-met')
      .map(({ metric }) => metric)
      .join(', ')}.`;
  }
  if (emulated) return `${label} is emulated here: nothing is said of its speed.`;
  if (partial) return `${label} was cut short.`;
  if (measurement.steady === false) return `${label} was not steady: ${measurement.steadyReason}.`;
  return `${label} is undecided on ${open.map(({ metric }) => metric).join(', ')}.`;
}

/** The requirement on a speed whose bound lies nearest; null without one. */
function tightest(column: ReportColumn | undefined): Verdict | null {
  const bounded = (column?.verdicts ?? []).filter((one) => Number.isFinite(marginIn(one)));
  return bounded.sort((a, b) => marginIn(a) - marginIn(b))[0] ?? null;
}

/** How many times better than its bound the value is; infinite where the two cannot be set in proportion. */
function marginIn({ metric, measured, atMost, atLeast }: Verdict): number {
  if (!metric.startsWith('latency.') && !metric.startsWith('throughput.')) return Number.POSITIVE_INFINITY;
  if (measured === null || measured <= 0) return Number.POSITIVE_INFINITY;
  return atMost === undefined ? measured / (atLeast ?? measured) : atMost / measured;
}

function marginOf(column: ReportColumn | undefined): number {
  // A rate that was asked for is kept by all alike: it says nothing of which is better.
  const latencies = (column?.verdicts ?? []).filter(({ metric }) => metric.startsWith('latency.'));
  return Math.min(Number.MAX_VALUE, ...latencies.map(marginIn));
}

function marginText(column: ReportColumn | undefined): string {
  const latencies = (column?.verdicts ?? []).filter(({ metric }) => metric.startsWith('latency.'));
  const [nearest] = latencies.sort((a, b) => marginIn(a) - marginIn(b));
  if (!nearest || nearest.measured === null || nearest.atMost === undefined) return '';
  const { metric, measured, atMost } = nearest;
  return ` (${metric} ${formatMetric(metric, measured)} of at most ${formatMetric(metric, atMost)}: ${formatNumber(atMost / measured, 1)} times within it)`;
}

/** Whether two columns were told apart in a metric. */
function isTold(
  differences: readonly MetricDifference[],
  metric: string | null,
  one: number,
  other: number,
): boolean {
  const found = differences.find(
    (difference) =>
      difference.metric === metric &&
      [difference.baseline, difference.contender].toSorted().join() === [one, other].toSorted().join(),
  );
  return found?.finding === 'lower' || found?.finding === 'higher';
}

function equalsText(
  differences: readonly MetricDifference[],
  metric: string | null,
  best: number,
  equals: readonly number[],
): string {
  const found = differences.find(
    (difference) =>
      difference.metric === metric &&
      [best, ...equals].includes(difference.baseline) &&
      [best, ...equals].includes(difference.contender),
  );
  if (!found || found.finding === 'unknown') {
    const more = found?.moreRepetitions;
    return `one run each does not tell a difference from chance${more ? `; ${more} more would begin to` : '; give 5 repetitions'}`;
  }
  const visible =
    found.visiblePercent === null ? '' : `; one of ${visibleText(found.visiblePercent)} would have been seen`;
  const more =
    found.moreRepetitions === null ? '' : `; about ${found.moreRepetitions} more repetitions would`;
  return `no difference in ${metric} can be told${visible}${more}`;
}
