import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { OpenExperiment, OpenWork, OpenWorkClient } from './open-work.ts';

/** Ten thousand that wait are cancelled in seconds, and the API can still answer others. */
const cancelsAtOnce = 16;

export interface WindDownOptions {
  report: (line: string) => void;
  /** Aborting it ends the waiting at once. */
  signal: AbortSignal;
  pollMs?: number;
  /** How long the API may be silent before we stop without it. */
  silenceMs?: number;
}

/** What was still open when the waiting ended; null when the API did not answer, so that nobody knows. */
export type StillOpen = OpenExperiment[] | null;

/**
 * Cancels every open comparison and experiment and reports each one's phases until all are closed. Does not wait for
 * those that need an operator, nor longer than a while for an API that is silent.
 */
export async function cancelAllAndWait(client: OpenWorkClient, options: WindDownOptions): Promise<StillOpen> {
  const { report, signal, pollMs = 500, silenceMs = 15_000 } = options;
  const phases = new Map<string, string>();
  const cancelled = new Set<string>();
  let lastAnswerMs = performance.now();
  let open: StillOpen = null;
  while (!signal.aborted) {
    try {
      const work = await client.list();
      lastAnswerMs = performance.now();
      if (open === null) announce(work, report);
      open = work.experiments;
      for (const line of describeChanges(phases, open)) report(line);
      if (!isWorthWaiting(work)) return open;
      await cancelNew(client, work, cancelled);
    } catch {
      if (performance.now() - lastAnswerMs > silenceMs) {
        report('The API does not answer, so running experiments cannot be cancelled; stopping without.');
        return null;
      }
    }
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
  return open;
}

function announce(work: OpenWork, report: (line: string) => void): void {
  const count = work.experiments.length;
  if (count === 0 && work.comparisonIds.length === 0) return;
  report(
    `Cancelling ${count} ${count === 1 ? 'experiment' : 'experiments'} and waiting until the infrastructure is ` +
      'destroyed. Press Ctrl-C again to stop at once.',
  );
}

/** Something is still going to close by itself. */
function isWorthWaiting({ experiments, comparisonIds }: OpenWork): boolean {
  const moving = experiments.filter(({ phase }) => phase !== 'needs-operator');
  if (moving.length > 0) return true;
  // A comparison whose last experiment needs an operator stays open with it.
  return comparisonIds.some((id) => !experiments.some(({ comparisonId }) => comparisonId === id));
}

/** Cancels comparisons, which cancel their own experiments, then the experiments that belong to none that is open. */
async function cancelNew(client: OpenWorkClient, work: OpenWork, cancelled: Set<string>): Promise<void> {
  const comparisons = work.comparisonIds.map((id) => ['comparisons', id] as const);
  const experiments = work.experiments
    .filter(({ comparisonId }) => comparisonId === null || !work.comparisonIds.includes(comparisonId))
    .map(({ id }) => ['experiments', id] as const);
  const fresh = [...comparisons, ...experiments].filter(([, id]) => !cancelled.has(id));
  await Readable.from(fresh).forEach(
    async ([kind, id]: (typeof fresh)[number]) => {
      if (await client.cancel(kind, id)) cancelled.add(id);
    },
    { concurrency: cancelsAtOnce },
  );
}

/** A line for each experiment whose phase differs from the one last told, closed ones included. */
function describeChanges(told: Map<string, string>, open: readonly OpenExperiment[]): string[] {
  const lines: string[] = [];
  for (const { id, phase } of open) {
    if (told.get(id) === phase) continue;
    told.set(id, phase);
    lines.push(
      phase === 'needs-operator' ? `  ${id}  needs an operator; not waiting for it` : `  ${id}  ${phase}`,
    );
  }
  for (const id of told.keys()) {
    if (open.some((experiment) => experiment.id === id)) continue;
    told.delete(id);
    lines.push(`  ${id}  closed`);
  }
  return lines;
}

/** What a person is told about experiments that outlive the stack. */
export function describeStillOpen(open: StillOpen): string | null {
  if (open === null) return 'Experiments may still be alive; the next start takes them over.';
  if (open.length === 0) return null;
  const list = open.map(({ id, phase }) => `  ${id}  ${phase}`).join('\n');
  return `Still alive:\n${list}\nThe next start takes ${open.length === 1 ? 'it' : 'them'} over.`;
}
