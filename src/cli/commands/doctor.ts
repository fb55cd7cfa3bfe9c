import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { allRequirements, doctorLine } from '../../stack/setup/ensure.ts';
import { detectPlatform } from '../../stack/setup/platform.ts';
import { print } from '../say.ts';

/** `comparator doctor`: every part, its version, what is wrong and how to mend it. Installs nothing. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('list what the comparator needs on this machine, and how to mend what is wrong')
    .action(async () => {
      const config = readConfig();
      const parts = allRequirements(config);
      const states = await Promise.all(parts.map((part) => part.check(true)));
      const platform = detectPlatform();
      for (const [index, part] of parts.entries()) {
        const state = states[index];
        if (state) print(doctorLine(part, state, platform));
      }
      const wrong = states.filter(({ state }) => state === 'wrong').length;
      const missing = states.some(({ state }) => state === 'pending');
      const good = missing ? 'Nothing is wrong; npm start installs what is missing.' : 'Nothing is wrong.';
      print(wrong === 0 ? `\n${good}` : `\n${wrong} of ${parts.length} parts are wrong.`);
      process.exitCode = wrong === 0 ? 0 : 1;
    });
}
