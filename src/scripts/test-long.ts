import { say } from '../cli/say.ts';
import { readConfig } from '../config.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { runJest } from './support/run-jest.ts';
import { runScript } from './support/run-script.ts';

/** `npm run test:long`: set-up, then the tests that take minutes, with whatever arguments follow. */
await runScript(async () => {
  const config = readConfig();
  await ensureTools(config, say);
  // The option last, for it takes every word that follows for a project.
  return runJest(config, [...process.argv.slice(2), '--selectProjects', 'long']);
});
