import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../api/api-client.ts';
import type { OpenWorkClient } from './open-work.ts';

export interface TakenOverOptions {
  report: (line: string) => void;
  /** Aborting it ends the watching. */
  signal: AbortSignal;
  pollMs?: number;
}

/** Says which experiments of an earlier stack this one has taken over, and returns their ids. */
export async function sayWhatWasTakenOver(
  openWork: Pick<OpenWorkClient, 'list'>,
  report: (line: string) => void,
): Promise<string[]> {
  const { experiments } = await openWork.list().catch(() => ({ experiments: [] }));
  for (const { id, phase } of experiments) report(`Taken over: experiment ${id} goes on, now ${phase}.`);
  return experiments.map(({ id }) => id);
}

/** Tells how each of some experiments ends, or that it needs an operator, as it happens. */
export async function sayHowTheyEnd(
  client: Pick<ApiClient, 'detail'>,
  ids: readonly string[],
  { report, signal, pollMs = 2_000 }: TakenOverOptions,
): Promise<void> {
  const open = new Set(ids);
  const waiting = new Set<string>();
  while (open.size > 0 && !signal.aborted) {
    for (const id of open) {
      // An API that does not answer is being started again, or the stack ends.
      const detail = await client.detail('experiments', id).catch(() => null);
      if (detail?.phase === 'closed') {
        open.delete(id);
        report(`Taken over: experiment ${id} has ended: ${detail.outcome ?? 'closed'}.`);
      } else if (detail?.phase === 'needs-operator' && !waiting.has(id)) {
        waiting.add(id);
        report(
          `Taken over: experiment ${id} needs an operator: ${detail.operator?.reason ?? 'see comparator show'}`,
        );
      }
    }
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
}
