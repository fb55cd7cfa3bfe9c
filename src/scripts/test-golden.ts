import { join } from 'node:path';
import { say } from '../cli/say.ts';
import { projectRoot, readConfig } from '../config.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { runJest } from './support/run-jest.ts';
import { runProgram } from './support/run-program.ts';
import { runScript } from './support/run-script.ts';

/**
 * `npm run test:golden`: replays what the workflows of every release did on the present code. With `--record`, adds the
 * histories of the release in package.json, or of `--as VERSION`.
 */
await runScript(async () => {
  const config = readConfig();
  await ensureTools(config, say);
  const args = process.argv.slice(2);
  if (!args.includes('--record'))
    return runJest(config, ['test/workflows/golden', 'test/workflows/replay', ...args]);
  return runProgram(process.execPath, [join(projectRoot, 'test', 'workflows', 'record-golden.ts'), ...args], {
    COMPARATOR_TOOLS: config.tools,
    NODE_NO_WARNINGS: '1',
  });
});
