import { harmless } from '../analysis/report/harmless-text.ts';
import type { OpenWait } from '../contracts/documents/api.ts';
import type { ApiClient } from './api/api-client.ts';
import { NoApiError } from './api/api-connection.ts';
import { waitingLines } from './progress/progress-lines.ts';

/** What a running comparator says of the work in it. */
export interface RunningService {
  url: string;
  /** In a sentence why it could not be asked; null where it could. */
  problem: string | null;
  waiting: OpenWait[];
}

/** Asks the comparator that runs; null where none does. */
export async function askRunningService(client: ApiClient): Promise<RunningService | null> {
  const { url } = client;
  try {
    return { url, problem: null, waiting: await client.waiting() };
  } catch (error) {
    if (error instanceof NoApiError) return null;
    return { url, problem: (error as Error).message, waiting: [] };
  }
}

/** Whether something in it must be mended: what only waits mends itself. */
export function isInTrouble({ problem, waiting }: RunningService): boolean {
  return (
    problem !== null || waiting.some((open) => open.waiting.some(({ kind }) => kind === 'workflow-task'))
  );
}

/** The same for a person. */
export function serviceLines(service: RunningService | null, now: Date): string[] {
  if (service === null) return ['No comparator runs here, so no work was looked at.'];
  const { url, problem, waiting } = service;
  const state = isInTrouble(service) ? 'WRONG  ' : 'ok     ';
  const lines = [`${state}  service       ${url}${problem ? `: ${problem}` : ''}`];
  for (const open of waiting) {
    lines.push(`  ${open.type} ${open.id}${open.name ? `  ${open.name}` : ''}`);
    lines.push(...waitingLines(open.waiting, now).map((line) => `  ${line}`));
  }
  return lines.map(harmless);
}
