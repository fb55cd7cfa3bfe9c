import type { ExperimentSpec } from '../../../contracts/input/experiment.ts';
import { mostMessages, secondsAsked } from '../../../contracts/input/load/schedule.ts';
import {
  followsFromSpeed,
  type LatencyMetric,
  latencyMetric,
  metricPaths,
  partitionMetric,
} from '../../../contracts/input/metric.ts';
import type { Requirement } from '../../../contracts/input/requirement.ts';
import type { Load, Workload } from '../../../contracts/input/workload.ts';
import { isEmulated, technologyCard } from '../../../technologies/registry.ts';
import { hasEnough, messagesNeeded } from '../../latency/enough.ts';
import { numberInWords } from '../../latency/latency-of-all.ts';
import { leastRate } from '../../rates/untried.ts';
import { betterOf } from '../../repetitions/changes/better.ts';
import { formatBound, formatMetric, formatMs, formatNumber, formatRate } from '../../report/format.ts';
import { compare } from '../../verdicts.ts';
import { contradictions } from './contradictions.ts';

/**
 * Requirements of which it is known before anything runs that they will not be decided, not be met, or always be met,
 * whatever the product, or that ask for the wrong way round; a sentence each.
 * @param name of the document
 * @param experiments that it makes, all with one load and the same requirements
 */
export function undecidableRequirements(name: string, experiments: readonly ExperimentSpec[]): string[] {
  const [first] = experiments;
  if (!first) return [];
  const byLoad = first.requirements.flatMap((one) => undecidedBy(one, first.workload) ?? []);
  return [
    ...contradictions(first.requirements).map((clause) => `${name}: ${clause}.`),
    ...byLoad.map((clause) => `${name}: ${clause}.`),
    ...experiments.flatMap((one) => undecidedByProduct(one).map((clause) => `${one.name}: ${clause}.`)),
  ];
}

function undecidedByProduct({ technology, target, settings, requirements }: ExperimentSpec): string[] {
  const { label, keepsOrder, partitions } = technologyCard(technology);
  const there = partitions(settings);
  const metrics = [...new Set(requirements.map(({ metric }) => metric))];
  const ofSpeed = isEmulated(technology, target) ? metrics.filter(followsFromSpeed) : [];
  const stay = ofSpeed.length === 1 ? 'stays' : 'stay';
  return [
    ...(ofSpeed.length > 0
      ? [
          `${ofSpeed.join(' and ')} ${stay} undecided, for ${label} is emulated on ${target}, and its speed says nothing of the real one`,
        ]
      : []),
    ...(!keepsOrder && metrics.includes('messages.reordered')
      ? [`messages.reordered is not measured, for ${label} promises no order`]
      : []),
    ...metrics
      .filter((metric) => there !== null && Number(partitionMetric.exec(metric)?.[1] ?? -1) >= there)
      .map((metric) => `${metric} is not measured, for the last of them is perPartition.${(there ?? 0) - 1}`),
  ];
}

/** What a load leaves of a requirement; null where it can be met and missed. */
function undecidedBy(requirement: Requirement, workload: Workload): string | null {
  const { metric } = requirement;
  const latency = latencyMetric(metric);
  return (
    impossible(requirement) ??
    beyondTheLoad(requirement, workload) ??
    fixedByLoad(requirement, workload) ??
    (latency && (tooFewMessages(metric, latency, workload) ?? belowOwnDelay(requirement, latency))) ??
    turnedRound(requirement) ??
    alwaysMet(requirement, workload)
  );
}

/** Of what should be little the most is bounded, and of what should be much the least: else the worst product meets it. */
function turnedRound(requirement: Requirement): string | null {
  const { metric } = requirement;
  const isMost = 'atMost' in requirement;
  if (betterOf(metric) !== (isMost ? 'more' : 'less')) return null;
  const [given, meant] = isMost ? ['atMost', 'atLeast'] : ['atLeast', 'atMost'];
  return `${metric} with ${given} is met by products that do worse, for ${isMost ? 'more' : 'less'} of it is better: ${meant} bounds it the other way`;
}

/** Counts of messages that were due. */
const sharesOfDue = ['unsent', 'failed', 'indeterminate', 'lost'].map((count) => `messages.${count}`);

/** A bound that nothing can miss is no requirement. */
function alwaysMet(requirement: Requirement, workload: Workload): string | null {
  const { metric } = requirement;
  if ('atLeast' in requirement) {
    if (requirement.atLeast > 0) return null;
    return `${metric} of at least ${formatBound(metric, requirement.atLeast)} is met whatever the product does, for it is never below 0`;
  }
  const messages = messagesAsked(workload);
  if (!sharesOfDue.includes(metric) || requirement.atMost < messages) return null;
  return `${metric} of at most ${formatBound(metric, requirement.atMost)} is met whatever the product does, for no more than ${formatNumber(messages)} messages are due`;
}

/** Nothing that is measured is below 0, and a latency is above it. */
function impossible(requirement: Requirement): string | null {
  if (!('atMost' in requirement)) return null;
  const { metric, atMost } = requirement;
  const never = `${metric} of at most ${formatBound(metric, atMost)} can never be met, for`;
  if (atMost < 0) return `${never} it is never below 0`;
  return atMost === 0 && latencyMetric(metric) ? `${never} every message takes some time` : null;
}

/** Of a rate, or a count, that the load does not ask for, nobody knows whether the product would keep it. */
function beyondTheLoad(requirement: Requirement, workload: Workload): string | null {
  if (!('atLeast' in requirement)) return null;
  const { metric, atLeast } = requirement;
  const asked = messagesAsked(workload) / secondsAsked(workload);
  const least = leastRate(metric, atLeast, workload);
  if (least === null || least <= asked) return null;
  return `${metric} of at least ${formatBound(metric, atLeast)} can at best stay undecided, for no more than ${formatRate(asked)} messages/s are asked for`;
}

/** What the load itself comes to, as long as it is not cut short; of a search, what is known of it. */
function fixedByLoad(requirement: Requirement, workload: Workload): string | null {
  const { metric } = requirement;
  const fixed: Record<string, number> = {
    durationSeconds: secondsAsked(workload),
    ...(isSearching(workload.load) ? {} : { 'messages.scheduled': messagesAsked(workload) }),
  };
  const value = fixed[metric];
  if (value === undefined || compare(requirement, value).met) return null;
  return `${metric} can never be met, for the load itself makes it ${formatMetric(metric, value)}`;
}

const isSearching = ({ shape }: Load) => shape === 'capacity-search' || shape === 'ladder';

/** Messages of the measured time; where rates are tried, at most. */
function messagesAsked(workload: Workload): number {
  // A schedule has a whole number of them; products of decimal fractions may lie a hair above one.
  return Math.ceil(mostMessages(workload) * (1 - 1e-12));
}

/** A percentile beyond which too few messages can lie, and what it takes. */
function tooFewMessages(
  metric: string,
  { number, percentile }: LatencyMetric,
  workload: Workload,
): string | null {
  const messages = messagesAsked(workload);
  if (percentile === null || hasEnough(messages, percentile)) return null;
  const needed = messagesNeeded(percentile);
  const seconds = Math.ceil((needed / messages) * secondsAsked(workload));
  const carried = percentilesOf(messages).at(-1);
  const help = [
    ...(seconds <= longestSeconds ? [`${formatNumber(seconds)} s of it`] : []),
    ...(carried ? [carried] : []),
  ];
  const most = isSearching(workload.load) ? ' at most' : '';
  return (
    `${metric} stays undecided, for the load comes to ${formatNumber(messages)} messages${most} and ${numberInWords(number)} takes ${formatNumber(needed)}` +
    (help.length > 0 ? `: ${help.join(' would do, or ')}${help.length === 1 ? ' would do' : ''}` : '')
  );
}

/** As `durationSeconds` allows. */
const longestSeconds = 86_400;

/** The percentiles that so many messages carry, in words, the lowest first. */
function percentilesOf(messages: number): string[] {
  return metricPaths.flatMap((path) => {
    const latency = path.startsWith('latency.endToEnd.') ? latencyMetric(path) : null;
    const percentile = latency?.percentile ?? null;
    return latency && percentile !== null && hasEnough(messages, percentile)
      ? [numberInWords(latency.number)]
      : [];
  });
}

/** A producer sleeps up to so long before it looks again at what is due (loadgen/threads/alarm.ts). */
const longestNapMs = 0.25;

function belowOwnDelay(requirement: Requirement, { kind }: LatencyMetric): string | null {
  if (!('atMost' in requirement) || kind === 'publish' || requirement.atMost >= longestNapMs) return null;
  const { metric, atMost } = requirement;
  return `${metric} of at most ${formatBound(metric, atMost)} can hardly be measured, for the load generator itself may send ${formatMs(longestNapMs)} ms late`;
}
