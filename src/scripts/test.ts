import { join } from 'node:path';
import { say } from '../cli/say.ts';
import { projectRoot, readConfig } from '../config.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { runProgram } from './run-program.ts';
import { runScript } from './run-script.ts';

/** `npm test`: set-up, then jest with whatever arguments follow. */
await runScript(async () => {
  const config = readConfig();
  await ensureTools(config, say);
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  return runProgram(process.execPath, ['--experimental-vm-modules', jest, ...process.argv.slice(2)], {
    // Tests make homes of their own and share the tools.
    COMPARATOR_TOOLS: config.tools,
    // Experimental it is, and that is known.
    NODE_NO_WARNINGS: '1',
  });
});
