import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { allRequirements, doctorLine } from '../../stack/setup/ensure.ts';
import { detectPlatform } from '../../stack/setup/platform.ts';
import { exitCodes } from '../exit-codes.ts';
import { print, printJson } from '../say.ts';

/** `comparator doctor`: everything it needs, its version, what is wrong and how to mend it. Installs nothing. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('list what the comparator needs on this machine, and how to mend what is wrong')
    .option('--json', 'print JSON: {items: [{name, needs, state, …}]}')
    .action(async ({ json }: { json?: boolean }) => {
      const config = readConfig();
      const requirements = allRequirements(config);
      const states = await Promise.all(requirements.map((requirement) => requirement.check(true)));
      const wrong = states.filter(({ state }) => state === 'wrong').length;
      process.exitCode = wrong === 0 ? exitCodes.done : exitCodes.failed;
      if (json) {
        const items = requirements.map(({ name, needs }, index) => ({ name, needs, ...states[index] }));
        printJson({ items });
        return;
      }
      const platform = detectPlatform();
      for (const [index, requirement] of requirements.entries()) {
        const state = states[index];
        if (state) print(doctorLine(requirement, state, platform));
      }
      const missing = states.some(({ state }) => state === 'pending');
      const good = missing ? 'Nothing is wrong; npm start installs what is missing.' : 'Nothing is wrong.';
      print(wrong === 0 ? `\n${good}` : `\n${wrong} of ${requirements.length} are wrong.`);
    });
}
