import type { LoadPart, ThreadUsage } from '../contracts/documents/load-parts.ts';
import type { Result } from '../contracts/documents/result.ts';
import { latencyOf, mergeHistograms } from './latency/histograms.ts';
import { formatNumber } from './report/format.ts';

/** A thread that uses this much of a core has no time left for more. */
const busyUtilization = 0.95;
/** Delays that a garbage collection or a busy machine causes now and then stay below this. */
const lateMs = 20;

/**
 * What the load generator used, and whether it rather than the product was the bottleneck, with the evidence:
 *
 * - a thread used a core to the full,
 * - its event loop was late, as that of a process is which is stopped, starved or busy,
 * - messages were sent late for want of its own time. What had to wait because the product had not yet taken what was
 *   under way does not count, so a slow product alone marks nothing.
 */
export function generatorUsage(parts: readonly LoadPart[]): Result['loadGenerator'] {
  const produced = parts.filter((part) => part.kind === 'produce');
  const threads = parts.flatMap((part) => part.threads);
  const ownLateP99Ms = latencyOf(mergeHistograms(produced.map((part) => part.ownLateness))).p99Ms;
  const evidence = threads.flatMap(threadEvidence);
  if (ownLateP99Ms !== null && ownLateP99Ms > lateMs) {
    evidence.push(
      `messages were sent ${formatNumber(ownLateP99Ms)} ms late (p99) for want of the generator's own time`,
    );
  }
  const processes = threads.filter(({ name }) => name === 'process');
  return {
    cpuUtilization: highest(processes.map(({ cpuUtilization }) => cpuUtilization)),
    eventLoopDelayP99Ms: highest(threads.flatMap(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms ?? [])),
    lateSendP99Ms: latencyOf(mergeHistograms(produced.map(({ lateness }) => lateness))).p99Ms,
    limited: evidence.length > 0,
    evidence,
    threads,
  };
}

function threadEvidence({ name, cpuUtilization, eventLoopDelayP99Ms }: ThreadUsage): string[] {
  if (name === 'process') return [];
  const evidence: string[] = [];
  if (cpuUtilization > busyUtilization) {
    evidence.push(`${name} used ${formatNumber(cpuUtilization * 100)}% of a core`);
  }
  if (eventLoopDelayP99Ms !== null && eventLoopDelayP99Ms > lateMs) {
    evidence.push(`the event loop of ${name} was ${formatNumber(eventLoopDelayP99Ms)} ms late (p99)`);
  }
  return evidence;
}

function highest(values: readonly number[]): number | null {
  return values.length > 0 ? Math.max(...values) : null;
}
