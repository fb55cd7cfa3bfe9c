import type { Report } from '../../contracts/documents/api.ts';
import type { MetricDifference } from '../../contracts/documents/report/differences.ts';
import { digitsAgainst, formatAgainst, formatNumber, formatPercent } from './format.ts';
import { markedName, type TextTable } from './text-table.ts';

/** What each variant differs by from the first; of a report without repetitions there is none. */
export function differenceTable({ columns, differences }: Report): TextTable | null {
  const [first] = columns;
  const shown = differences.filter(({ baseline }) => baseline === 0);
  if (!first || shown.length === 0) return null;
  return {
    title: `Differences from ${markedName(first)} (block by block)`,
    head: ['Variant', 'Metric', 'by', 'times', 'interval', 'told from chance'],
    numeric: [false, false, true, true, true, false],
    rows: shown.map((one) => [
      columns
        .slice(one.contender, one.contender + 1)
        .map(markedName)
        .join(),
      one.metric.slice(one.metric.indexOf('.') + 1),
      byText(one),
      ...timesOf(one),
      findingText(one) + blocksText(one, columns),
    ]),
  };
}

/** The difference itself. */
function byText({ metric, difference: { estimate }, blocks }: MetricDifference): string {
  return blocks === 0 ? '–' : differenceText(metric, estimate);
}

function differenceText(metric: string, value: number | null): string {
  return value === null ? beyondMeasure : `${value > 0 ? '+' : ''}${formatAgainst(metric, value, 0)}`;
}

/** A ratio in digits that neither round it to no difference nor to the other side. */
export function formatTimes(ratio: number): string {
  return `${formatNumber(ratio, digitsAgainst(ratio, 0, digitsAgainst(ratio, 1, 3)))}×`;
}

/** What stands for a number that there is none of: that of messages which never came. */
const beyondMeasure = 'beyond measure';

/** As a ratio, with its interval; where one of the two measured 0, the interval of the difference. */
function timesOf({ metric, ratio, difference, finding, blocks }: MetricDifference): [string, string] {
  const times = (value: number | null) => (value === null ? beyondMeasure : formatTimes(value));
  const text = ratio ? times : (value: number | null) => differenceText(metric, value);
  const { low, high } = ratio ?? difference;
  const estimate = ratio && blocks > 0 ? times(ratio.estimate) : '–';
  return [estimate, finding === 'unknown' ? '–' : `${text(low)} to ${text(high)}`];
}

/** Where not every repetition had both, how many had. */
function blocksText(
  { blocks, finding, baseline, contender }: MetricDifference,
  columns: Report['columns'],
): string {
  const repetitions = Math.max(...[baseline, contender].map((index) => columns[index]?.runs.length ?? 0));
  return finding === 'unknown' || blocks >= repetitions ? '' : `; in ${blocks} of ${repetitions} repetitions`;
}

function findingText({
  finding,
  falseAlarms,
  visiblePercent,
  moreRepetitions,
  blocks,
}: MetricDifference): string {
  const more = moreRepetitions === null ? '' : `; about ${moreRepetitions} more repetitions would tell`;
  switch (finding) {
    case 'lower':
    case 'higher':
      return `${finding} (chance does it in ${formatPercent((falseAlarms ?? 0) * 100)})`;
    case 'none': {
      const visible = visiblePercent ? `; ${visibleText(visiblePercent)} could have been` : '';
      return `no${visible}${more}`;
    }
    case 'unknown':
      return `too few repetitions (${blocks}${more.replace('about ', '')})`;
  }
}

/** The smallest difference that the runs could have shown, in words. */
export function visibleText(percent: number): string {
  return percent <= mostInPercent ? formatPercent(percent) : `${formatNumber(1 + percent / 100, 1)} times`;
}

/** Beyond, it is said as a multiple. */
const mostInPercent = 100;
