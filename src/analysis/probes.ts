import type { LoadPart } from '../contracts/documents/load-parts.ts';
import { type Measurement, metricValue } from '../contracts/documents/metrics.ts';
import type { Probe } from '../contracts/documents/progress.ts';
import type { ExperimentSpec } from '../contracts/input/experiment.ts';
import type { Requirement } from '../contracts/input/requirement.ts';
import { generatorUsage } from './generator-usage.ts';
import type { LedgerTotals } from './ledger-tally.ts';
import { measurementOf } from './measurement.ts';
import { formatMetric, formatNumber } from './report/format.ts';
import { secondsOf } from './timeseries.ts';
import { compare } from './verdicts.ts';

/** Least share of the scheduled messages that must have been sent. */
const leastSentShare = 0.995;
/** Growth of the backlog, as a share of the rate, that is still taken for noise. */
const mostGrowthShare = 0.005;
/** A backlog of less than this many seconds of the load is no backlog yet. */
const leastBacklogSeconds = 0.1;

/**
 * Whether a rate was sustained: it could be sent, what waits to arrive did not grow, and the requirements were met. (Not
 * those on throughput: they speak of the load that is wanted in the end.)
 * @param seconds how long the rate was asked for
 * @param ledgerTotals as for `measurementOf`
 */
export function judgeProbe(
  { messagesPerSecond, seconds, hold }: Pick<Probe, 'messagesPerSecond' | 'seconds' | 'hold'>,
  parts: readonly LoadPart[],
  { workload, requirements }: Pick<ExperimentSpec, 'workload' | 'requirements'>,
  ledgerTotals: LedgerTotals | null = null,
): Probe {
  const measurement = measurementOf(parts, workload, ledgerTotals);
  const usage = measurement && generatorUsage(parts);
  const growth = backlogGrowth(parts, messagesPerSecond, seconds);
  const problem = measurement
    ? (sendingProblem(measurement) ??
      growthProblem(growth, messagesPerSecond) ??
      unmet(requirements, measurement))
    : 'nothing was measured';
  const limit = usage?.limited ? `; the load generator was the limit: ${usage.evidence.join(', ')}` : '';
  return {
    messagesPerSecond,
    seconds,
    sustained: problem === null,
    hold,
    reason: problem === null ? 'sustained' : problem + limit,
    producedMessagesPerSecond: measurement?.throughput.produced.messagesPerSecond ?? null,
    consumedMessagesPerSecond: measurement?.throughput.consumed.messagesPerSecond ?? null,
    backlogGrowthPerSecond: growth?.perSecond ?? null,
    endToEndP99Ms: measurement?.latency.endToEnd.p99Ms ?? null,
    limited: usage?.limited ?? null,
  };
}

function sendingProblem({ messages }: Measurement): string | null {
  const { scheduled, sent, failed } = messages;
  const percent = (part: number) => `${formatNumber((part / scheduled) * 100)}%`;
  if (sent < leastSentShare * scheduled)
    return `only ${percent(sent)} of the scheduled messages could be sent`;
  if (failed > (1 - leastSentShare) * scheduled) return `${percent(failed)} of the messages were refused`;
  return null;
}

interface Growth {
  /** Messages by which the backlog grew each second. */
  perSecond: number;
  /** Messages that were due and had not arrived at the end. */
  atEnd: number;
}

/**
 * Growth of what was due and had not arrived, over the second half: the line of least squares through each full
 * second's backlog.
 */
function backlogGrowth(
  parts: readonly LoadPart[],
  messagesPerSecond: number,
  seconds: number,
): Growth | null {
  const full = Math.floor(seconds);
  let received = 0;
  const backlog = [...secondsOf(parts)].slice(0, full).map(({ second, consumed }) => {
    received += consumed;
    return messagesPerSecond * second - received;
  });
  // Nothing arrived any more, or at all.
  while (backlog.length < full) backlog.push(messagesPerSecond * (backlog.length + 1) - received);
  const half = backlog.slice(Math.floor(full / 2) - 1);
  if (half.length < 2) return null;
  const meanX = (half.length - 1) / 2;
  const meanY = half.reduce((sum, value) => sum + value, 0) / half.length;
  let covariance = 0;
  let variance = 0;
  half.forEach((value, x) => {
    covariance += (x - meanX) * (value - meanY);
    variance += (x - meanX) ** 2;
  });
  return { perSecond: covariance / variance, atEnd: half.at(-1) ?? 0 };
}

function growthProblem(growth: Growth | null, messagesPerSecond: number): string | null {
  if (!growth) return null;
  const grows = growth.perSecond > mostGrowthShare * messagesPerSecond;
  if (!grows || growth.atEnd < leastBacklogSeconds * messagesPerSecond) return null;
  return `the backlog grew by ${formatNumber(growth.perSecond)} messages/s`;
}

function unmet(requirements: readonly Requirement[], measurement: Measurement): string | null {
  for (const requirement of requirements) {
    const { metric } = requirement;
    if (!/^(latency|messages)\./.test(metric)) continue;
    const measured = metricValue(measurement, metric);
    if (measured === null) return `${metric} could not be measured`;
    const { met, bound } = compare(requirement, measured);
    if (!met) return `${metric}: ${formatMetric(metric, measured)} is not ${bound}`;
  }
  return null;
}
