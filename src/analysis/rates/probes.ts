import type { LoadPart, Refusal } from '../../contracts/documents/load-parts.ts';
import type { Measurement } from '../../contracts/documents/metrics.ts';
import type { Probe } from '../../contracts/documents/progress.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import type { Requirement } from '../../contracts/input/requirement.ts';
import { arrivalsOf, usualDelaySeconds } from '../arrivals.ts';
import { type BacklogGrowth, backlogGrowth, hasGrown } from '../backlog.ts';
import { generatorUsage } from '../generator-usage.ts';
import { toldLatency } from '../latency/told.ts';
import type { LedgerTotals } from '../ledger/ledger-tally.ts';
import { measurementOf } from '../measurement.ts';
import { ownDelayOf } from '../own-delay.ts';
import { refusalsIn, refusalsInWords } from '../refusals.ts';
import { formatNumber, formatRate } from '../report/format.ts';
import { compare, findingOf } from '../verdicts.ts';

/** Least share of the scheduled messages that must have been sent, and of those that must have come through. */
const leastShare = 0.995;

/**
 * Whether a rate was sustained: it could be sent and came through, what waits to arrive did not grow, and the
 * requirements were met. (Not those on throughput: they speak of the load that is wanted in the end.)
 * @param seconds how long the rate was asked for
 * @param ledgerTotals as for `measurementOf`
 */
export function judgeProbe(
  asked: Pick<Probe, 'messagesPerSecond' | 'seconds' | 'hold' | 'rung' | 'session'>,
  parts: readonly LoadPart[],
  { workload, requirements, target }: Pick<ExperimentSpec, 'workload' | 'requirements' | 'target'>,
  ledgerTotals: LedgerTotals | null = null,
): Probe {
  const { messagesPerSecond, seconds, hold, rung, session } = asked;
  const measurement = measurementOf(parts, workload, ledgerTotals);
  const usage = measurement && generatorUsage(parts, target);
  const growth = backlogGrowth(
    [{ messagesPerSecond, seconds }],
    arrivalsOf(parts, 'consumed'),
    usualDelaySeconds(parts, 'consumed'),
  );
  const atSpeed = measurement
    ? (sendingProblem(measurement, refusalsIn(parts)) ??
      (growth && hasGrown(growth) ? growthText(growth) : null))
    : 'nothing was measured';
  const missed = measurement && atSpeed === null ? unmet(requirements, measurement) : null;
  const problem = atSpeed ?? missed?.reason ?? null;
  const own = missed && ownDelayOfMiss(parts, missed);
  const evidence = [...(usage?.evidence ?? []), ...(own ? [own] : [])];
  const limit = evidence.length > 0 ? `; the load generator was the limit: ${evidence.join(', ')}` : '';
  return {
    messagesPerSecond,
    seconds,
    sustained: problem === null,
    hold,
    reason: problem === null ? 'sustained' : problem + limit,
    producedMessagesPerSecond: measurement?.throughput.produced.messagesPerSecond ?? null,
    consumedMessagesPerSecond: measurement?.throughput.consumed.messagesPerSecond ?? null,
    backlogGrowthPerSecond: growth?.perSecond ?? null,
    endToEndP99Ms: measurement && toldLatency(measurement.latency.endToEnd).p99Ms,
    limited: usage && evidence.length > 0,
    ...(rung ? { rung } : {}),
    session,
  };
}

function sendingProblem({ messages }: Measurement, refusals: Refusal[]): string | null {
  const { scheduled, sent, failed, indeterminate, lost } = messages;
  const percent = (part: number) => `${formatNumber((part / scheduled) * 100)}%`;
  const why = (outcome: Refusal['outcome']) => {
    const words = refusalsInWords(refusals.filter((one) => one.outcome === outcome));
    return words && `: ${words}`;
  };
  const isTooMuch = (part: number) => part > (1 - leastShare) * scheduled;
  if (sent < leastShare * scheduled) return `only ${percent(sent)} of the scheduled messages could be sent`;
  if (isTooMuch(failed)) return `${percent(failed)} of the messages were refused${why('failed')}`;
  if (isTooMuch(indeterminate)) {
    return `${percent(indeterminate)} of the messages were never confirmed${why('indeterminate')}`;
  }
  if (isTooMuch(lost)) return `${percent(lost)} of the messages never arrived`;
  return null;
}

const growthText = ({ perSecond }: BacklogGrowth) =>
  `the backlog grew by ${formatRate(perSecond)} messages/s`;

/** A probe is shorter than what the count is wanted of, and asks for less. */
function isLeastCount(requirement: Requirement): boolean {
  return 'atLeast' in requirement && /^messages\.|\.count$/.test(requirement.metric);
}

/** What of a missed bound on a latency the load generator itself added, in words. */
function ownDelayOfMiss(
  parts: readonly LoadPart[],
  { requirement, measured }: { requirement: Requirement; measured: number | null },
): string | null {
  if (measured === null || !('atMost' in requirement)) return null;
  return ownDelayOf(parts)(requirement.metric, measured, requirement.atMost);
}

/** The first of the requirements that was missed, and by what. */
function unmet(requirements: readonly Requirement[], measurement: Measurement) {
  for (const requirement of requirements) {
    const { metric } = requirement;
    if (!/^(latency|messages)\./.test(metric) || isLeastCount(requirement)) continue;
    const { verdict, measured, reason } = findingOf(requirement, measurement);
    // What a product does not tell, no rate can change.
    if (verdict === 'met' || verdict === 'not-measured') continue;
    // A probe is short, so a far percentile may rest on few messages; there is no better evidence.
    const isKept = verdict === 'undecided' && measured !== null && compare(requirement, measured).met;
    if (!isKept) return { requirement, measured, reason: `${metric}: ${reason}` };
  }
  return null;
}
