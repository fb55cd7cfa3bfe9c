import { type Measurement, metricValue } from '../contracts/documents/metrics.ts';
import type { Verdict } from '../contracts/documents/result.ts';
import { isSpeedMetric } from '../contracts/input/metric.ts';
import type { Requirement } from '../contracts/input/requirement.ts';
import { formatMetric } from './report/format.ts';

/** What verdicts are passed on. */
export interface Evidence {
  /** null where nothing was measured. */
  measurement: Measurement | null;
  /** Whether the product was emulated, so that its speed says nothing. */
  emulated: boolean;
  /** Whether the measurement was cut short. */
  partial: boolean;
}

/** One verdict a requirement, in their order, each with its reason in words. */
export function verdictsOn(requirements: readonly Requirement[], evidence: Evidence): Verdict[] {
  return requirements.map((requirement) => verdictOn(requirement, evidence));
}

function verdictOn(requirement: Requirement, { measurement, emulated, partial }: Evidence): Verdict {
  const { metric } = requirement;
  const measured = metricValue(measurement, metric);
  const judged = { ...requirement, measured };
  if (measured === null) {
    const reason = measurement ? `${metric} could not be measured` : 'nothing was measured';
    return { ...judged, verdict: 'not-measured', reason };
  }
  const value = formatMetric(metric, measured);
  if (isSpeedMetric(metric) && emulated) {
    return {
      ...judged,
      verdict: 'undecided',
      reason: `${value} on an emulator says nothing of the real product`,
    };
  }
  if (partial) {
    return { ...judged, verdict: 'undecided', reason: `${value}, but the measurement was cut short` };
  }
  const { met, bound } = compare(requirement, measured);
  return { ...judged, verdict: met ? 'met' : 'not-met', reason: `${value} is ${met ? '' : 'not '}${bound}` };
}

/** Whether a value keeps a requirement's bound, and the bound in words. */
export function compare(requirement: Requirement, measured: number): { met: boolean; bound: string } {
  const { metric } = requirement;
  return 'atMost' in requirement
    ? { met: measured <= requirement.atMost, bound: `at most ${formatMetric(metric, requirement.atMost)}` }
    : {
        met: measured >= requirement.atLeast,
        bound: `at least ${formatMetric(metric, requirement.atLeast)}`,
      };
}

/** What a whole report comes to; null without requirements. */
export function conclusionOf(
  verdicts: readonly Verdict[],
): 'met' | 'not-met' | 'undecided' | 'not-measured' | null {
  const overall = overallVerdict(verdicts);
  if (overall !== 'undecided') return overall;
  const open = verdicts.filter(({ verdict }) => verdict !== 'met');
  return open.every(({ verdict }) => verdict === 'not-measured') ? 'not-measured' : 'undecided';
}

/** What all verdicts together say: `not-met` as soon as one is; null without requirements. */
export function overallVerdict(verdicts: readonly Verdict[]): 'met' | 'not-met' | 'undecided' | null {
  if (verdicts.length === 0) return null;
  if (verdicts.some(({ verdict }) => verdict === 'not-met')) return 'not-met';
  return verdicts.every(({ verdict }) => verdict === 'met') ? 'met' : 'undecided';
}
