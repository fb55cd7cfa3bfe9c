import { harmless } from '../analysis/report/harmless-text.ts';
import type { OpenWait, OrphanAnswer } from '../contracts/documents/api.ts';
import type { ApiClient } from './api/api-client.ts';
import { NoApiError } from './api/api-connection.ts';
import { waitingLines } from './progress/progress-lines.ts';

/** What a running comparator says of the work in it. */
export interface RunningService {
  url: string;
  /** In a sentence why it could not be asked; null where it could. */
  problem: string | null;
  waiting: OpenWait[];
  orphans: OrphanAnswer[];
}

/** Asks the comparator that runs; null where none does. */
export async function askRunningService(client: ApiClient): Promise<RunningService | null> {
  const { url } = client;
  try {
    const [waiting, { items: orphans }] = await Promise.all([client.waiting(), client.orphans()]);
    return { url, problem: null, waiting, orphans };
  } catch (error) {
    if (error instanceof NoApiError) return null;
    return { url, problem: (error as Error).message, waiting: [], orphans: [] };
  }
}

/** Whether something in it must be mended: what only waits mends itself. */
export function isInTrouble({ problem, waiting, orphans }: RunningService): boolean {
  const failing = waiting.some((open) => open.waits.some(({ kind }) => kind === 'workflow-task'));
  return problem !== null || orphans.length > 0 || failing;
}

/** The same for a person. */
export function serviceLines(service: RunningService | null, now: Date): string[] {
  if (service === null) return ['No comparator runs here, so no work was looked at.'];
  const { url, problem, waiting, orphans } = service;
  const state = isInTrouble(service) ? 'WRONG  ' : 'ok     ';
  const lines = [`${state}  service       ${url}${problem ? `: ${problem}` : ''}`];
  for (const open of waiting) {
    lines.push(`  ${open.type} ${open.id}${open.name ? `  ${open.name}` : ''}`);
    lines.push(...waitingLines(open.waits, now).map((line) => `  ${line}`));
  }
  for (const { experimentId, since, reason, nextTryAt, found } of orphans) {
    const next = nextTryAt ? ` (tried again at ${nextTryAt})` : '';
    lines.push(`  left of ${experimentId} since ${since}: ${reason}${next}`);
    for (const { kind, name, description } of found) lines.push(`    ${kind} ${name}: ${description}`);
  }
  return lines.map(harmless);
}
