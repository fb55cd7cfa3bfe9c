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
    head: ['Variant', 'Metric', 'times', 'interval', 'told from chance'],
    numeric: [false, false, true, true, false],
    rows: shown.map((one) => [
      columns
        .slice(one.contender, one.contender + 1)
        .map(markedName)
        .join(),
      one.metric.slice(one.metric.indexOf('.') + 1),
      ...timesOf(one),
      findingText(one),
    ]),
  };
}

/** As a ratio; where one of the two measured 0, as a difference. Neither is rounded to no difference, or to the other side. */
function timesOf({ metric, ratio, difference }: MetricDifference): [string, string] {
  const text = ratio
    ? (value: number) => `${formatNumber(value, digitsAgainst(value, 0, digitsAgainst(value, 1, 3)))}×`
    : (value: number) => `${value > 0 ? '+' : ''}${formatAgainst(metric, value, 0)}`;
  const { estimate, low, high } = ratio ?? difference;
  if (Number.isNaN(estimate)) return ['–', '–'];
  return [text(estimate), low === null || high === null ? '–' : `${text(low)} to ${text(high)}`];
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
      const visible = visiblePercent === null ? '' : `; ${visibleText(visiblePercent)} would have been`;
      return `no${visible}${more}`;
    }
    case 'unknown':
      return `too few repetitions (${blocks})`;
  }
}

/** The smallest difference that the runs could have shown, in words. */
export function visibleText(percent: number): string {
  return percent <= mostInPercent ? formatPercent(percent) : `${formatNumber(1 + percent / 100, 1)} times`;
}

/** Beyond, it is said as a multiple. */
const mostInPercent = 100;
