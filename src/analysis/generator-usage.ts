import type { HostUsage, LoadPart, ThreadUsage } from '../contracts/documents/load-parts.ts';
import type { Result } from '../contracts/documents/result.ts';
import type { Target } from '../technologies/card.ts';
import { latencyOf, mergeHistograms } from './latency/histograms.ts';
import { spoilingFrom } from './lateness.ts';
import { formatMs, formatNumber } from './report/format.ts';
import { sum } from './sum.ts';

/** A thread that uses this much of a core has no time left for more. */
const busyUtilization = 0.95;
/** Garbage collection that stops a thread for more of its time takes it from its messages. */
const mostGcUtilization = 0.1;
/** A machine this busy has no core left, and whoever else uses this share of its cores keeps them from the product. */
const busyHostUtilization = 0.95;
const takenShare = 0.2;
/** A hypervisor that takes more of the processors' time stops everybody now and then. */
const mostStealUtilization = 0.1;

/**
 * What the load generator used, and whether it rather than the product was the bottleneck, with the evidence:
 *
 * - a thread used a core to the full, or garbage collection a good share of its time,
 * - messages were sent late for want of the generator's own time, by enough to be seen in the end-to-end latency. What had
 *   to wait because the product had not yet taken what was under way does not count, so a slow product marks nothing,
 * - a thread's event loop was late, by as much: then messages were received late, or their confirmation,
 * - all the machine's cores were busy, and a good share of them not with the product. Of a product on other
 *   machines nobody knows here what it used.
 */
export function generatorUsage(
  parts: readonly LoadPart[],
  target: Target = 'local',
): NonNullable<Result['loadGenerator']> {
  const produced = parts.filter((part) => part.kind === 'produce');
  const threads = parts.flatMap((part) => part.threads);
  const processes = threads.filter(({ name }) => name === 'process');
  const lateness = latencyOf(mergeHistograms(produced.map((part) => part.lateness)));
  const ownLateness = latencyOf(mergeHistograms(produced.map((part) => part.ownLateness)));
  const host = hostOf(parts, sum(processes.map(({ cpuUtilization }) => cpuUtilization)), target);
  const lateMs = spoilingMs(parts);
  const evidence = [
    ...threads.flatMap((thread) => threadEvidence(thread, lateMs)),
    ...latenessEvidence(ownLateness.p99Ms, lateMs),
    ...(host ? hostEvidence(host) : []),
  ];
  const starts = parts.flatMap(({ start }) => start ?? []);
  return {
    cpuUtilization: highest(processes.map(({ cpuUtilization }) => cpuUtilization)),
    eventLoopDelayP99Ms: highest(threads.flatMap(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms ?? [])),
    lateSendP50Ms: lateness.p50Ms,
    lateSendP99Ms: lateness.p99Ms,
    ownLateSendP50Ms: ownLateness.p50Ms,
    ownLateSendP99Ms: ownLateness.p99Ms,
    hostCpuUtilization: host?.cpuUtilization ?? null,
    hostStealUtilization: host?.stealUtilization ?? null,
    otherCpuUtilization: host?.otherCpuUtilization ?? null,
    startLateMs: highest(starts.map((start) => start.lateMs)),
    undrainedBefore: highest(starts.map((start) => start.undrainedBefore)),
    limited: evidence.length > 0,
    evidence,
    threads,
  };
}

/**
 * From which lateness on it is the generator's as much as the product's: by the latency that is judged, end to end, or
 * to the acknowledgement where nothing arrived.
 */
function spoilingMs(parts: readonly LoadPart[]): number {
  const endToEnd = parts.flatMap((part) => (part.kind === 'consume' ? part.endToEnd : []));
  const scheduled = parts.flatMap((part) => (part.kind === 'produce' ? part.publishScheduled : []));
  const p99Ms =
    latencyOf(mergeHistograms(endToEnd)).p99Ms ?? latencyOf(mergeHistograms(scheduled)).p99Ms ?? 0;
  return spoilingFrom(p99Ms);
}

function latenessEvidence(ownLateP99Ms: number | null, lateMs: number): string[] {
  if (ownLateP99Ms === null || ownLateP99Ms <= lateMs) return [];
  return [`messages were sent ${formatMs(ownLateP99Ms)} ms late (p99) for want of the generator's own time`];
}

function threadEvidence(
  { name, cpuUtilization, eventLoopDelayP99Ms, gcUtilization }: ThreadUsage,
  lateMs: number,
): string[] {
  if (name === 'process') return [];
  const evidence: string[] = [];
  if (cpuUtilization > busyUtilization) {
    evidence.push(`${name} used ${formatNumber(cpuUtilization * 100)}% of a core`);
  }
  if (gcUtilization !== null && gcUtilization > mostGcUtilization) {
    evidence.push(`garbage collection stopped ${name} for ${formatNumber(gcUtilization * 100)}% of the time`);
  }
  if (eventLoopDelayP99Ms !== null && eventLoopDelayP99Ms > lateMs) {
    evidence.push(`the event loop of ${name} was ${formatMs(eventLoopDelayP99Ms)} ms late (p99)`);
  }
  return evidence;
}

interface SharedHost extends HostUsage {
  /** In cores. */
  generatorCpuUtilization: number;
  /** null where the product's share cannot be seen. */
  otherCpuUtilization: number | null;
  /** Whether the product shares it. */
  isShared: boolean;
}

/** The machine that all load generators share; null where none could see it. */
function hostOf(
  parts: readonly LoadPart[],
  generatorCpuUtilization: number,
  target: Target,
): SharedHost | null {
  const hosts = parts.flatMap(({ host }) => host ?? []);
  const busiest = hosts.toSorted((a, b) => b.cpuUtilization - a.cpuUtilization)[0];
  if (!busiest) return null;
  const left = busiest.cpuUtilization * busiest.cpuCount - generatorCpuUtilization;
  const isShared = target === 'local';
  const product = isShared ? productCores(parts) : null;
  const otherCpuUtilization = product === null ? null : Math.max(0, left - product);
  return { ...busiest, generatorCpuUtilization, otherCpuUtilization, isShared };
}

/** Cores that the product's processes used; null where they could not be seen. Every load generator saw the same ones. */
function productCores(parts: readonly LoadPart[]): number | null {
  for (const part of parts) {
    if (part.kind !== 'produce' || part.durationSeconds === 0) continue;
    const cpuSeconds = part.product?.cpuSeconds ?? null;
    if (cpuSeconds !== null) return cpuSeconds / part.durationSeconds;
  }
  return null;
}

function hostEvidence(host: SharedHost): string[] {
  const { cpuCount, cpuUtilization, stealUtilization, generatorCpuUtilization, otherCpuUtilization } = host;
  const evidence: string[] = [];
  const taken = generatorCpuUtilization + (otherCpuUtilization ?? 0);
  if (cpuUtilization > busyHostUtilization && taken > takenShare * cpuCount) {
    const others = otherCpuUtilization === null ? '' : ` and others ${formatNumber(otherCpuUtilization, 1)}`;
    const machine = host.isShared ? 'the machine' : "the load generator's machine";
    evidence.push(
      `${machine} was ${formatNumber(cpuUtilization * 100)}% busy, and of its ${cpuCount} cores the load generator used ${formatNumber(generatorCpuUtilization, 1)}${others}${host.isShared ? ', which the product could not have' : ''}`,
    );
  }
  if (stealUtilization !== null && stealUtilization > mostStealUtilization) {
    evidence.push(
      `the hypervisor took ${formatNumber(stealUtilization * 100)}% of the machine's processor time`,
    );
  }
  return evidence;
}

function highest(values: readonly number[]): number | null {
  return values.length > 0 ? Math.max(...values) : null;
}
