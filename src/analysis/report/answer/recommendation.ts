import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { MetricDifference } from '../../../contracts/documents/report/differences.ts';
import type { Verdict } from '../../../contracts/documents/result.ts';
import { cheapestOf } from '../cost/cheapest.ts';
import { visibleText } from '../difference-table.ts';
import { counted, formatAgainst, formatBound, formatNumber } from '../format.ts';
import { namesInWords } from '../notes/names-in-words.ts';
import { requirementsInWords } from '../verdict-words.ts';
import { guaranteeOfChoice } from './guarantee-of-choice.ts';

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
 * @returns null of a single column, without requirements, and where they differ: that is no one question
 */
export function recommendationOf(
  columns: readonly ReportColumn[],
  differences: readonly MetricDifference[],
): Recommendation | null {
  const found = choiceOf(columns, differences);
  const promise = found && guaranteeOfChoice(columns, found.columns);
  if (!promise) return found;
  const [answer = '', ...reasons] = found.reasons;
  return { ...found, reasons: [`${answer.replace(/\.$/, '')}; ${promise}.`, ...reasons] };
}

function choiceOf(
  columns: readonly ReportColumn[],
  differences: readonly MetricDifference[],
): Recommendation | null {
  if (columns.length < 2 || columns.every(({ verdicts }) => verdicts.length === 0)) return null;
  if (new Set(columns.flatMap((column) => requirementsInWords(column) ?? [])).size > 1) return null;
  const able = columns.flatMap((column, index) => (isAble(column) ? [index] : []));
  const label = (index: number) => (columns[index] as ReportColumn).label;
  const others = columns.flatMap((column, index) => (able.includes(index) ? [] : [whyNot(column)]));
  if (able.length === 0)
    return { columns: [], reasons: ['No variant is shown to meet all requirements.', ...others] };
  if (able.length === 1) {
    const [only = 0] = able;
    const margin = marginText(columns[only]);
    const isSureOfOthers = columns.every(
      (column) => isAble(column) || column.meetsRequirements === 'not-met',
    );
    const alike = columns.filter((column) => !isAble(column) && column.meetsRequirements === 'met');
    const answer =
      alike.length === 0
        ? `${label(only)} is the only one ${isSureOfOthers ? 'that meets' : 'shown to meet'} all requirements${margin}.`
        : `${label(only)} meets all requirements${margin}; ${namesInWords(alike.map((one) => one.label))} ${alike.length === 1 ? 'does' : 'do'} too, by numbers on which no choice can rest (${[...new Set(alike.map(flawOf))].join(', ')}).`;
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
  const equals = rest.filter((index) => !isWorse(columns, differences, index, best));
  if (equals.length === 0) {
    return {
      columns: [best],
      reason: `${label(best)} meets all requirements with the widest margin${marginText(columns[best])}; ${namesInWords(rest.map(label))} meet${rest.length === 1 ? 's' : ''} them too.`,
    };
  }
  const named = [best, ...equals];
  return {
    columns: named,
    reason: `${namesInWords(named.map(label))} meet all requirements, and nothing here tells which is better: ${equalsText(columns, differences, best, equals)}.`,
  };
}

/** What was still on the move is not to be ranked with what was not, whichever way it went. */
function isAble({ meetsRequirements, emulated, partial, failure, measurement }: ReportColumn): boolean {
  const isWhole = !partial && failure === null;
  return meetsRequirements === 'met' && !emulated && isWhole && measurement?.steady !== false;
}

/** What keeps a column that meets all requirements from being advised. */
function flawOf({ emulated, partial, failure }: ReportColumn): string {
  if (emulated) return 'emulated';
  if (failure) return 'failed';
  return partial ? 'cut short' : 'not steady';
}

function whyNot({
  label,
  emulated,
  partial,
  meetsRequirements,
  verdicts,
  failure,
  measurement,
  outcome,
}: ReportColumn): string {
  if (!measurement) return outcome === null ? `${label} has not finished.` : `${label} was not measured.`;
  const open = verdicts.filter(({ verdict }) => verdict !== 'met');
  if (meetsRequirements === 'not-met') {
    return `${label} misses ${open
      .filter(({ verdict }) => verdict === 'not-met')
      .map(({ metric }) => metric)
      .join(', ')}.`;
  }
  if (emulated) return `${label} is emulated here: nothing is said of its speed.`;
  if (partial) return `${label} was cut short.`;
  if (failure && meetsRequirements === 'met') return `${label} failed while ${failure.phase}.`;
  if (measurement.steady === false) return `${label} was not steady: ${measurement.steadyReason}.`;
  if (verdicts.length === 0) return `${label} was measured without requirements.`;
  return `${label} is undecided on ${open.map(({ metric }) => metric).join(', ')}.`;
}

/** The requirement on a latency whose bound lies nearest; null without one. A rate that was asked for is kept by all alike. */
function tightest(column: ReportColumn | undefined): Verdict | null {
  const bounded = (column?.verdicts ?? []).filter((one) => Number.isFinite(marginIn(one)));
  return bounded.sort((a, b) => marginIn(a) - marginIn(b))[0] ?? null;
}

/** How many times a latency lies within its bound; infinite of anything else, and where that cannot be said. */
function marginIn({ metric, measured, atMost }: Verdict): number {
  if (!metric.startsWith('latency.') || measured === null || measured <= 0) return Number.POSITIVE_INFINITY;
  return atMost === undefined ? Number.POSITIVE_INFINITY : atMost / measured;
}

function marginOf(column: ReportColumn | undefined): number {
  const nearest = tightest(column);
  return nearest ? marginIn(nearest) : Number.MAX_VALUE;
}

function marginText(column: ReportColumn | undefined): string {
  const nearest = tightest(column);
  if (!nearest || nearest.measured === null || nearest.atMost === undefined) return '';
  const { metric, measured, atMost } = nearest;
  return ` (${metric} ${formatAgainst(metric, measured, atMost)} of at most ${formatBound(metric, atMost)}: ${formatNumber(atMost / measured, 1)} times within it)`;
}

/**
 * Whether a column was told to be slower than another where its own bound is nearest. One that the load generator limited
 * may be faster than it looks.
 */
function isWorse(
  columns: readonly ReportColumn[],
  differences: readonly MetricDifference[],
  index: number,
  best: number,
): boolean {
  const metric = tightest(columns[index])?.metric;
  if (!metric || columns[index]?.loadGenerator?.limited) return false;
  return differences.some(
    (one) =>
      one.metric === metric &&
      (one.baseline === best
        ? one.contender === index && one.finding === 'higher'
        : one.baseline === index && one.contender === best && one.finding === 'lower'),
  );
}

function equalsText(
  columns: readonly ReportColumn[],
  differences: readonly MetricDifference[],
  best: number,
  equals: readonly number[],
): string {
  const [other = best] = equals;
  const limited = equals.filter((index) => columns[index]?.loadGenerator?.limited);
  if (limited.length === equals.length) {
    const labels = limited.flatMap((index) => columns[index]?.label ?? []);
    return `the load generator was the limit of ${namesInWords(labels)}, which may do better`;
  }
  const metric = tightest(columns[other])?.metric;
  if (!metric) return 'no latency is bounded, by which they could be told apart';
  const found = differences.find(
    (one) =>
      one.metric === metric &&
      [one.baseline, one.contender].toSorted().join() === [best, other].toSorted().join(),
  );
  if (!found) {
    return columns.some(({ runs }) => runs.length > 1)
      ? 'they were not compared with each other'
      : 'one run each does not tell a difference from chance; give 5 repetitions';
  }
  if (found.finding === 'unknown') {
    const more = found.moreRepetitions ? `; ${found.moreRepetitions} more would begin to` : '';
    return `${counted(found.blocks, 'repetition')} ${found.blocks === 1 ? 'does' : 'do'} not tell a difference from chance${more}`;
  }
  const visible =
    found.visiblePercent === null ? '' : `; one of ${visibleText(found.visiblePercent)} could have been seen`;
  const more =
    found.moreRepetitions === null ? '' : `; about ${found.moreRepetitions} more repetitions would`;
  return `no difference in ${metric} can be told${visible}${more}`;
}
