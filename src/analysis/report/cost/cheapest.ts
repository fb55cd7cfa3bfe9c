import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Cost } from '../../../contracts/documents/cost.ts';
import { differenceOf } from '../../statistics/difference.ts';
import { visibleText } from '../difference-table.ts';
import { counted } from '../format.ts';
import { computingSpeedOf } from '../notes/machine-speed.ts';
import { namesInWords } from '../notes/names-in-words.ts';
import { formatUsd } from './cost-words.ts';

/** Which of several columns cost the least, and a sentence of why, or why that cannot be told. */
export interface Cheapest {
  /** Indexes; all of them where cost does not tell them apart. */
  columns: number[];
  reason: string | null;
}

interface Priced {
  index: number;
  column: ReportColumn;
  cost: Cost;
}

/** The cheapest of the columns with these indexes, where their costs are of one kind. */
export function cheapestOf(columns: readonly ReportColumn[], among: readonly number[]): Cheapest {
  const costs = among.flatMap((index) => {
    const column = columns[index];
    return column?.cost ? [{ index, column, cost: column.cost }] : [];
  });
  const undecided = (reason: string | null): Cheapest => ({ columns: [...among], reason });
  if (costs.length === 0) return undecided(null);
  const obstacle = obstacleTo(columns, among);
  if (obstacle) return undecided(`Their costs cannot be compared: ${obstacle}.`);
  const ranked = costs.toSorted((a, b) => perMillion(a.cost) - perMillion(b.cost));
  const [least, ...others] = ranked;
  if (!least) return undecided(null);
  const open = others.flatMap((other) => whyNotDearer(least.column, other.column) ?? []);
  const equals = [least, ...others.filter((other) => whyNotDearer(least.column, other.column) !== null)];
  const dearer = others.filter((one) => !equals.includes(one));
  const basis =
    least.cost.basis === 'list-price'
      ? 'by list prices'
      : 'estimated from what each used, without storage and traffic';
  if (dearer.length === 0) {
    return undecided(
      `No detectable difference in cost per million messages: ${told(equals)} (${[basis, ...new Set(open)].join('; ')}).`,
    );
  }
  const who =
    equals.length === 1
      ? `${least.column.label} is the cheapest of the ${counted(costs.length, 'variant')} that meet all requirements`
      : `${namesInWords(equals.map(({ column }) => column.label))} are the cheapest of the ${counted(costs.length, 'variant')} that meet all requirements`;
  const how = ranked.every(({ column }) => isFixed(column))
    ? basis
    : `${basis}; told from chance, block by block`;
  return {
    columns: equals.map(({ index }) => index),
    reason: `${who}: per million messages ${told(equals)}, against ${told(dearer)} (${how}).`,
  };
}

function told(priced: readonly Priced[]): string {
  return priced.map(({ column, cost }) => `${column.label} ${formatUsd(perMillion(cost))}`).join(', ');
}

/** Why nothing shows that another costs more than the cheapest; null where it is shown. */
function whyNotDearer(least: ReportColumn, other: ReportColumn): string | null {
  if (isFixed(least) && isFixed(other)) {
    if (usdOf(other) === usdOf(least)) return 'they are the same';
    // A difference that no reader sees is none to choose by.
    return formatUsd(usdOf(other)) === formatUsd(usdOf(least)) ? 'they are the same to four digits' : null;
  }
  const { finding, ratio, visiblePercent, blocks } = differenceOf(blocksOf(least, other));
  if (finding === 'higher') {
    // On a slower machine the same work takes more processor time.
    const [fast, slow] = [computingSpeedOf(least), computingSpeedOf(other)];
    const byMachine = fast && slow ? Math.max(1, fast / slow) : 1;
    return (ratio?.low ?? 1) > byMachine ? null : 'the machine was slower by as much';
  }
  if (finding === 'unknown') {
    return blocks === 1 && least.runs.length === 1
      ? 'one run each does not tell one from chance'
      : `${counted(blocks, 'repetition')} ${blocks === 1 ? 'does' : 'do'} not tell one from chance`;
  }
  return visiblePercent === null
    ? 'none is told'
    : `one of ${visibleText(visiblePercent)} could have been seen`;
}

/** Whether no run has a part in what it costs: a list price of a load that was given. */
function isFixed({ cost, capacity, ladder, runs }: ReportColumn): boolean {
  const costs = new Set(runs.flatMap(({ usdPerMillionMessages }) => usdPerMillionMessages ?? []));
  return cost?.basis === 'list-price' && capacity === null && ladder === null && costs.size < 2;
}

/** What both cost in the repetitions in which both were measured to the end. */
function blocksOf(baseline: ReportColumn, contender: ReportColumn) {
  const costIn = ({ runs }: ReportColumn, repetition: number) =>
    runs.find((run) => run.repetition === repetition && !run.partial)?.usdPerMillionMessages ?? null;
  return baseline.runs.flatMap(({ repetition }) => {
    const [one, two] = [costIn(baseline, repetition), costIn(contender, repetition)];
    return one === null || two === null ? [] : [{ baseline: one, contender: two }];
  });
}

/** Why costs are not of one question; null where they are. */
function obstacleTo(columns: readonly ReportColumn[], among: readonly number[]): string | null {
  const chosen = among.flatMap((index) => columns[index] ?? []);
  const unpriced = chosen.filter(({ cost }) => cost === null);
  if (unpriced.length > 0) return `that of ${namesInWords(unpriced.map(({ label }) => label))} is not known`;
  const differ = (what: (column: ReportColumn) => unknown) => new Set(chosen.map(what)).size > 1;
  if (differ(({ cost }) => cost?.basis)) return 'some are list prices, others estimates from use';
  if (differ(({ cost }) => cost?.region)) return 'their prices are of several regions';
  if (differ(({ workload }) => workload)) return 'the loads differ';
  const isEstimate = chosen.some(({ cost }) => cost?.basis === 'estimate-from-use');
  const unseen = chosen.filter(({ cost }) => isEstimate && cost?.memoryGib === null);
  if (unseen.length > 0 && unseen.length < chosen.length) {
    return `the memory of ${namesInWords(unseen.map(({ label }) => label))} could not be seen`;
  }
  return isEstimate && differ(({ machine }) => machine)
    ? 'the machines differ on which they were used'
    : null;
}

const perMillion = (cost: Cost) => cost.usdPerMillionMessages;
const usdOf = ({ cost }: ReportColumn) => cost?.usdPerMillionMessages ?? Number.NaN;
