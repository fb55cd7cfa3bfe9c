import type { Config } from '../../config.ts';
import type { StackDescription } from '../../contracts/storage/stack.ts';
import type { RunningStack } from '../../stack/stack.ts';
import { ApiClient } from '../api/api-client.ts';
import { say } from '../say.ts';
import type { Interrupts } from './interrupt.ts';
import { ApiOpenWork } from './open-work.ts';
import { sayHowTheyEnd, sayWhatWasTakenOver } from './taken-over.ts';
import { cancelAllAndWait, describeStillOpen } from './wind-down.ts';

/** An API of ours that takes longer is as good as gone. */
const answerTimeoutMs = 5_000;

function clientOf({ description }: RunningStack, config: Config): ApiClient {
  const address = { url: description.api.url, key: config.api.keys[0] };
  return new ApiClient(address, { timeoutMs: answerTimeoutMs });
}

/** After a second Ctrl-C a process gets this long to end before it is killed. */
const hurriedGraceMs = 3_000;

/**
 * Cancels whatever runs on the stack, shows it being destroyed, then stops the stack. The second interrupt stops at
 * once and says what is still alive.
 */
export async function windDown(stack: RunningStack, config: Config, interrupts: Interrupts): Promise<void> {
  const openWork = new ApiOpenWork(clientOf(stack, config));
  const stillOpen = await cancelAllAndWait(openWork, { report: say, signal: interrupts.second });
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

/** Says which experiments of an earlier stack this one has taken over and, until the signal aborts, how they end. */
export async function watchWhatWasTakenOver(
  stack: RunningStack,
  config: Config,
  signal: AbortSignal,
): Promise<void> {
  const client = clientOf(stack, config);
  const ids = await sayWhatWasTakenOver(new ApiOpenWork(client), say);
  void sayHowTheyEnd(client, ids, { report: say, signal });
}

/** Returns once the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
