import type { Command } from 'commander';
import { demandKeysBeyondLoopback, readConfig } from '../../config.ts';
import { ensurePage } from '../../stack/page/build-page.ts';
import { ensureTools } from '../../stack/setup/ensure.ts';
import { startStack } from '../../stack/stack.ts';
import { exitCodes } from '../exit-codes.ts';
import { print, say } from '../say.ts';
import { listenForInterrupts } from '../stack/interrupt.ts';
import { aborted, describeAddresses, watchWhatWasTakenOver, windDown } from '../stack/own-stack.ts';

/** `comparator start`: the embedded stack until Ctrl-C. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('set up and run the embedded stack, the API and the web page until Ctrl-C')
    .action(async () => {
      const config = readConfig();
      demandKeysBeyondLoopback(config.api);
      await ensureTools(config, say);
      await ensurePage(say);
      const interrupts = listenForInterrupts();
      say('Starting the stack …');
      const stack = await startStack(config, { report: say, signal: interrupts.first });
      print(`\n${describeAddresses(stack.description)}\n\nCtrl-C stops it.\n`);
      await watchWhatWasTakenOver(stack, config, interrupts.first);
      await aborted(interrupts.first);
      await windDown(stack, config, interrupts);
      process.exitCode = exitCodes.interrupted;
    });
}
