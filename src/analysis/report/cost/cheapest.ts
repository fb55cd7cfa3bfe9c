import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Cost } from '../../../contracts/documents/cost.ts';
import { counted } from '../format.ts';
import { computingSpeedOf } from '../notes/machine-speed.ts';
import { formatUsd } from './cost-words.ts';

/** Which of several columns cost the least, and a sentence of why, or why that cannot be told. */
export interface Cheapest {
  /** Indexes; all of them where cost does not tell them apart. */
  columns: number[];
  reason: string | null;
}

/** Estimates of one load on one machine differ by about as much from run to run. */
const sameEstimate = 1.25;

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
  const [least] = ranked;
  if (!least) return undecided(null);
  const equals = ranked.filter(
    ({ cost, column }) => perMillion(cost) <= perMillion(least.cost) * tolerance(least.column, column),
  );
  const dearer = ranked.filter((one) => !equals.includes(one));
  const told = (priced: typeof ranked) =>
    priced.map(({ column, cost }) => `${column.label} ${formatUsd(perMillion(cost))}`).join(', ');
  const basis =
    least.cost.basis === 'list-price'
      ? 'by list prices'
      : 'estimated from what each used, without storage and traffic';
  if (dearer.length === 0) {
    return undecided(`They cost about the same per million messages: ${told(equals)} (${basis}).`);
  }
  const who =
    equals.length === 1
      ? `${least.column.label} is the cheapest of the ${counted(costs.length, 'variant')} that meet all requirements`
      : `${equals.map(({ column }) => column.label).join(' and ')} are the cheapest of the ${counted(costs.length, 'variant')} that meet all requirements`;
  return {
    columns: equals.map(({ index }) => index),
    reason: `${who}: per million messages ${told(equals)}, against ${told(dearer)} (${basis}).`,
  };
}

/** How many times the cost of another may be that of the cheapest without being more than the chance and machine of a run. */
function tolerance(least: ReportColumn, other: ReportColumn): number {
  if (least.cost?.basis === 'list-price') return 1;
  const [fast, slow] = [computingSpeedOf(least), computingSpeedOf(other)];
  // On a slower machine the same work takes more processor time.
  return sameEstimate * (fast && slow ? Math.max(1, fast / slow) : 1);
}

/** Why costs are not of one question; null where they are. */
function obstacleTo(columns: readonly ReportColumn[], among: readonly number[]): string | null {
  const chosen = among.flatMap((index) => columns[index] ?? []);
  const unpriced = chosen.filter(({ cost }) => cost === null);
  if (unpriced.length > 0) return `that of ${unpriced.map(({ label }) => label).join(', ')} is not known`;
  const differ = (what: (column: ReportColumn) => unknown) => new Set(chosen.map(what)).size > 1;
  if (differ(({ cost }) => cost?.basis)) return 'some are list prices, others estimates from use';
  if (differ(({ cost }) => cost?.region)) return 'their prices are of several regions';
  if (differ(({ workload }) => workload)) return 'the loads differ';
  const isEstimate = chosen.some(({ cost }) => cost?.basis === 'estimate-from-use');
  return isEstimate && differ(({ machine }) => machine)
    ? 'the machines differ on which they were used'
    : null;
}

const perMillion = (cost: Cost) => cost.usdPerMillionMessages;
