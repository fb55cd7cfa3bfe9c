import type { Config } from '../../config.ts';
import type { StackDescription } from '../../contracts/storage/stack.ts';
import type { RunningStack } from '../../stack/stack.ts';
import { say } from '../say.ts';
import type { Interrupts } from './interrupt.ts';
import { openWorkClient } from './open-work.ts';
import { cancelAllAndWait, describeStillOpen } from './wind-down.ts';

/** After a second Ctrl-C a part gets this long to end before it is killed. */
const hurriedGraceMs = 3_000;

/**
 * Cancels whatever runs on the stack, shows it being destroyed, then stops the stack. The second interrupt stops at
 * once and says what is still alive.
 */
export async function windDown(stack: RunningStack, config: Config, interrupts: Interrupts): Promise<void> {
  const client = openWorkClient(stack.description.api.url, config.api.keys[0]);
  const stillOpen = await cancelAllAndWait(client, { report: say, signal: interrupts.second });
  const left = describeStillOpen(stillOpen);
  if (left) say(left);
  const hurried = interrupts.second.aborted;
  say(hurried ? 'Stopping the stack at once …' : 'Stopping the stack …');
  await stack.stop(hurried ? { maxGraceMs: hurriedGraceMs } : {});
  say('The stack is stopped.');
}

/** Every address of a stack, a line each, for a person. */
export function describeAddresses({ api, temporal, aws }: StackDescription): string {
  const emulated = aws.pid === null ? '' : '  (emulated)';
  return [
    `Web page         ${api.url}/`,
    `API              ${api.url}/api`,
    `API docs         ${api.url}/docs`,
    `Temporal Web UI  ${temporal.uiUrl ?? '(unknown; set COMPARATOR_TEMPORAL_UI_URL)'}`,
    `Temporal server  ${temporal.address}`,
    `AWS endpoint     ${aws.url}${emulated}`,
  ].join('\n');
}

/** Says which experiments of an earlier stack this one has taken over. */
export async function sayWhatWasTakenOver({ description }: RunningStack, config: Config): Promise<void> {
  const client = openWorkClient(description.api.url, config.api.keys[0]);
  const { experiments } = await client.list().catch(() => ({ experiments: [] }));
  for (const { id, phase } of experiments) say(`Taken over: experiment ${id} goes on, now ${phase}.`);
}

/** Returns once the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
