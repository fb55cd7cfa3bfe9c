import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { allRequirements, doctorLine } from '../../stack/setup/ensure.ts';
import { detectPlatform } from '../../stack/setup/platform.ts';
import { findApi } from '../api/api-address.ts';
import { ApiClient } from '../api/api-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { askRunningService, isInTrouble, serviceLines } from '../running-service.ts';
import { print, printJson } from '../say.ts';

/** `comparator doctor`: everything it needs, what is wrong and how to mend it, and what running work waits for. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'list what the comparator needs on this machine, what the running work waits for, and how to mend what is wrong',
    )
    .option('--json', 'print JSON: {items: [{name, needs, state, …}], service}')
    .action(async ({ json }: { json?: boolean }) => {
      const config = readConfig();
      const requirements = allRequirements(config);
      const states = await Promise.all(requirements.map((requirement) => requirement.check(true)));
      const service = await askRunningService(new ApiClient(findApi(config), { timeoutMs: 10_000 }));
      const wrong = states.filter(({ state }) => state === 'wrong').length;
      const trouble = service !== null && isInTrouble(service);
      process.exitCode = wrong === 0 && !trouble ? exitCodes.done : exitCodes.failed;
      if (json) {
        const items = requirements.map(({ name, needs }, index) => ({ name, needs, ...states[index] }));
        printJson({ items, service });
        return;
      }
      const platform = detectPlatform();
      for (const [index, requirement] of requirements.entries()) {
        const state = states[index];
        if (state) print(doctorLine(requirement, state, platform));
      }
      print(serviceLines(service, new Date()).join('\n'));
      const missing = states.some(({ state }) => state === 'pending');
      const good = missing ? 'Nothing is wrong; npm start installs what is missing.' : 'Nothing is wrong.';
      if (wrong === 0 && trouble) print('\nThe work in the running comparator needs a look, see above.');
      else print(wrong === 0 ? `\n${good}` : `\n${wrong} of ${requirements.length} are wrong.`);
    });
}
