import type { MetricDifference } from '../../../contracts/documents/report/differences.ts';
import { sum } from '../../sum.ts';
import { counted, formatNumber, formatPercent } from '../format.ts';

/**
 * How many of many comparisons chance alone makes different. The share of each adds up, however they depend on each other;
 * a correction would hide what five repetitions can just tell, for they can tell nothing at a stricter level.
 */
export function chanceNotes(differences: readonly MetricDifference[]): string[] {
  const levels = differences.flatMap(({ falseAlarms }) => falseAlarms ?? []);
  if (levels.length < 2) return [];
  const told = differences.filter(({ finding }) => finding === 'lower' || finding === 'higher').length;
  const [least, most] = [Math.min(...levels), Math.max(...levels)].map((level) => formatPercent(level * 100));
  const level = least === most ? least : `${least} to ${most}`;
  return [
    `Of ${counted(levels.length, 'comparison')} about ${formatNumber(sum(levels), 1)} are expected to differ by chance alone where nothing does (each in ${level}): ${told} ${told === 1 ? 'was' : 'were'} told to differ.`,
  ];
}
