import { say } from '../cli/say.ts';
import { readConfig } from '../config.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { runJest } from './support/run-jest.ts';
import { runScript } from './support/run-script.ts';

/** `npm test`: set-up, then jest with whatever arguments follow; tests that they name may be of any lane. */
await runScript(async () => {
  const config = readConfig();
  await ensureTools(config, say);
  const args = process.argv.slice(2);
  const named = args.some((argument) => /^(\.\/)?test\//.test(argument));
  return runJest(config, [...args, ...(named ? [] : ['--selectProjects', 'unit', 'real'])]);
});
