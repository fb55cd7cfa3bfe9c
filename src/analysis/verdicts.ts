import type { Level } from '../contracts/documents/load-parts.ts';
import { type Measurement, metricValue } from '../contracts/documents/metrics.ts';
import type { Verdict } from '../contracts/documents/result.ts';
import {
  followsFromSpeed,
  type LatencyKind,
  type LatencyMetric,
  latencyMetric,
} from '../contracts/input/metric.ts';
import type { Requirement } from '../contracts/input/requirement.ts';
import { besideBound } from './latency/bucket.ts';
import { messagesNeeded } from './latency/enough.ts';
import { latencyOfAll, numberInWords } from './latency/latency-of-all.ts';
import type { OwnDelay } from './own-delay.ts';
import { formatApart, formatMetric, formatNumber } from './report/format.ts';

/** What verdicts are passed on. */
export interface Evidence {
  /** null where nothing was measured. */
  measurement: Measurement | null;
  /** Whether the product was emulated, so that its speed says nothing. */
  emulated: boolean;
  /** Whether the measurement was cut short. */
  partial: boolean;
  /** Whether the load generator was the bottleneck, so that the product may be faster than was measured. */
  limited: boolean;
  /** What of a latency of so many ms the load generator itself added, in words; null where that is little. */
  ownDelay?: OwnDelay;
  /** Why a missed bound on a rate was never put to the product; null where it was. All were, where it is left out. */
  untried?: (requirement: Requirement) => string | null;
  /** Why a search for a rate ended without any; null where it did not. */
  inVain?: string | null;
  /** Which way the product's speed was still going while it was measured; null where it was not. */
  moving: Level['moving'];
}

/** One verdict a requirement, in their order, each with its reason in words. */
export function verdictsOn(requirements: readonly Requirement[], evidence: Evidence): Verdict[] {
  return requirements.map((requirement) => verdictOn(requirement, evidence));
}

type Decision = Pick<Verdict, 'measured' | 'verdict' | 'reason'>;

function verdictOn(requirement: Requirement, { measurement, ...marks }: Evidence): Verdict {
  const { measured, verdict, reason } = decision(requirement, measurement, marks);
  return { ...requirement, measured, verdict, reason };
}

function decision(
  requirement: Requirement,
  measurement: Measurement | null,
  {
    emulated,
    partial,
    limited,
    moving,
    inVain = null,
    untried = () => null,
    ownDelay = () => null,
  }: Omit<Evidence, 'measurement'>,
): Decision {
  const { metric } = requirement;
  if (!measurement) {
    return inVain && !emulated && !partial && !metric.startsWith('messages.')
      ? { measured: null, verdict: 'not-met', reason: inVain }
      : notMeasured(inVain ?? 'nothing was measured');
  }
  const { acknowledged, scheduled } = measurement.messages;
  // A bound such as "at most 0 lost" would be kept by a product that takes nothing.
  if (acknowledged === 0) {
    return notMeasured(
      `none of ${formatNumber(scheduled)} messages was acknowledged, so nothing could be measured`,
    );
  }
  const found = findingOf(requirement, measurement);
  if (found.verdict === 'not-measured') return found;
  const undecided = (why: string): Decision => ({ ...found, verdict: 'undecided', reason: why });
  const value =
    found.measured === null
      ? found.reason
      : `${formatMetric(metric, found.measured)}${found.missingInWords ?? ''}`;
  const isMissed = found.verdict === 'not-met';
  // What has not arrived by the end of the drain is lost, or was only slow; what is confirmed too late is sent again.
  const isByDelay = metric === 'messages.lost' || metric === 'messages.duplicated';
  const isOfSpeed = followsFromSpeed(metric) || (isMissed && isByDelay);
  if (emulated && isOfSpeed) {
    return undecided(`${value} on an emulator says nothing of the real product`);
  }
  if (emulated && isByDelay) found.reason += ', by an emulator';
  if (partial) return undecided(`${value}, but the measurement was cut short`);
  const whyUntried = isMissed && untried(requirement);
  if (whyUntried) return undecided(`${found.reason}, but ${whyUntried}`);
  if (limited && isMissed && isOfSpeed && !found.isCertain) {
    return undecided(`${found.reason}, but the load generator was the limit: the product may do better`);
  }
  const own =
    isMissed &&
    'atMost' in requirement &&
    found.measured !== null &&
    ownDelay(metric, found.measured, requirement.atMost);
  if (own) return undecided(`${found.reason}, but ${own}: the product may do better`);
  // A product that was getting faster may refuse less.
  const isSettled = found.isCertain && !metric.startsWith('throughput.');
  if (moving && !isSettled && mayTurn(requirement, found, moving)) {
    return undecided(`${found.reason}, but ${measurement.steadyReason}`);
  }
  return found;
}

/** Whether a bound on a speed might be kept or missed otherwise, had the product gone on as it was going. */
function mayTurn(requirement: Requirement, { verdict }: Finding, moving: 'better' | 'worse'): boolean {
  const isRate = requirement.metric.startsWith('throughput.');
  if (!isRate && !latencyMetric(requirement.metric)) return false;
  // Of a rate more is better, and of a latency less; a bound against that way turns the other way round.
  const wantsBetter = 'atMost' in requirement !== isRate;
  return verdict === ((moving === 'better') === wantsBetter ? 'not-met' : 'met');
}

const notMeasured = (reason: string): Finding => ({
  measured: null,
  verdict: 'not-measured',
  reason,
  isCertain: false,
});

interface Finding extends Decision {
  /** Whether it is missed by what the product itself did, however fast the load generator. */
  isCertain: boolean;
  /** Of a latency that those messages made later which never came: that they did. */
  missingInWords?: string;
}

/** What the numbers of a measurement alone say of a requirement. */
export function findingOf(requirement: Requirement, measurement: Measurement): Finding {
  const { metric } = requirement;
  const latency = latencyMetric(metric);
  if (latency) return findingOnLatency(requirement, measurement, latency);
  const measured = metricValue(measurement, metric);
  if (measured === null) return notMeasured(`${metric} could not be measured`);
  if (ofArrivals.includes(metric) && measurement.messages.received === 0) {
    return notMeasured('no message arrived, so that none could come twice or out of order');
  }
  const best = withoutRefused(metric, measurement);
  const found = bounded(requirement, measured);
  const isCertain = found.verdict === 'not-met' && best !== null && !compare(requirement, best).met;
  return { measured, ...found, isCertain };
}

/** Faults in how messages arrive: what delivers none would keep any bound on them. */
const ofArrivals = ['messages.duplicated', 'messages.reordered'];

/** What a count or a rate would have been, had all come through that the product did not refuse; null of any other. */
function withoutRefused(
  metric: string,
  { messages, durationSeconds, throughput }: Measurement,
): number | null {
  const { scheduled, failed } = messages;
  const taken = scheduled - failed;
  switch (metric) {
    case 'messages.failed':
      return failed;
    case 'messages.throttled':
      return messages.throttled;
    case 'messages.acknowledged':
    case 'messages.received':
    case 'latency.publish.count':
    case 'latency.publishScheduled.count':
    case 'latency.endToEnd.count':
      return taken;
  }
  if (!metric.startsWith('throughput.')) return null;
  if (!metric.endsWith('bytesPerSecond')) return taken / durationSeconds;
  // All messages are of one size, which cannot be told where none came in time.
  const rate = [throughput.produced, throughput.consumed].find((one) => one.messagesPerSecond > 0);
  return rate ? (taken / durationSeconds) * (rate.bytesPerSecond / rate.messagesPerSecond) : null;
}

/**
 * A latency is one of all messages that were due: what was never confirmed, or never arrived, is later than any that
 * was. So a percentile is known only as far as it lies among those that were.
 */
function findingOnLatency(
  requirement: Requirement,
  measurement: Measurement,
  { kind, number, percentile }: LatencyMetric,
): Finding {
  const latency = measurement.latency[kind];
  const { failed, indeterminate } = measurement.messages;
  const due = messagesDue(measurement, kind);
  const of = (messages: number) => latencyOfAll(latency, { number, percentile, messages });
  const all = of(due);
  const did = kind === 'endToEnd' ? 'arrived' : 'were confirmed';
  if (typeof all === 'number') {
    const { verdict, reason } = bounded(requirement, all);
    // Beside it stands the latency of those that came, which is another.
    const missingInWords =
      all === latency[number]
        ? ''
        : `, the ${formatNumber(due - latency.count)} of ${formatNumber(due)} messages that never ${did} being later than any`;
    return { measured: all, verdict, reason: reason + missingInWords, isCertain: false, missingInWords };
  }
  const messages = `${formatNumber(latency.count)} of ${formatNumber(due)} messages`;
  if (all === 'too-few') {
    const needed = formatNumber(messagesNeeded(percentile as number));
    return {
      measured: latency[number],
      verdict: 'undecided',
      reason: `${messages} are too few for ${numberInWords(number)}: it takes ${needed}`,
      isCertain: true,
    };
  }
  return {
    measured: null,
    verdict: 'atMost' in requirement ? 'not-met' : 'met',
    reason: `only ${messages} ${did}, so ${numberInWords(number)} is later than any of them`,
    // What was never sent, or has not arrived yet, may be the load generator's fault.
    isCertain: of(Math.min(due, latency.count + failed + indeterminate)) === 'endless',
  };
}

/**
 * Messages of which a latency is one: those that were due, and, where a copy was counted by another consumer as well, it
 * too, so that it hides none that is missing.
 */
export function messagesDue({ latency, messages }: Measurement, kind: LatencyKind): number {
  const { scheduled, received } = messages;
  const { count } = latency[kind];
  return count + Math.max(0, scheduled - count, kind === 'endToEnd' ? scheduled - received : 0);
}

function bounded(requirement: Requirement, measured: number): Pick<Verdict, 'verdict' | 'reason'> {
  const { met, reason } = compare(requirement, measured);
  return { verdict: met ? 'met' : 'not-met', reason };
}

/** Whether a value keeps a requirement's bound, and how the two lie in words. */
export function compare(requirement: Requirement, measured: number): { met: boolean; reason: string } {
  const isMost = 'atMost' in requirement;
  const bound = isMost ? requirement.atMost : requirement.atLeast;
  const value = besideBound(requirement.metric, measured, bound);
  const met = isMost ? value <= bound : value >= bound;
  const [text, limit] = formatApart(requirement.metric, value, bound);
  return { met, reason: `${text} is ${met ? '' : 'not '}${isMost ? 'at most' : 'at least'} ${limit}` };
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
