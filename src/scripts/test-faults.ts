import { join } from 'node:path';
import { say } from '../cli/say.ts';
import { projectRoot, readConfig } from '../config.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { runProgram } from './support/run-program.ts';
import { runScript } from './support/run-script.ts';

/** `npm run test:faults`: set-up, then the fault suite with whatever arguments follow. */
await runScript(async () => {
  const config = readConfig();
  await ensureTools(config, say);
  const suite = join(projectRoot, 'test', 'faults', 'main.ts');
  return runProgram(process.execPath, [suite, ...process.argv.slice(2)], {
    COMPARATOR_TOOLS: config.tools,
    // Experimental it is, and that is known.
    NODE_NO_WARNINGS: '1',
  });
});
