import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../cli/say.ts';
import { projectRoot, readConfig } from '../config.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { runProgram } from './support/run-program.ts';
import { runScript } from './support/run-script.ts';

/**
 * `npm run bench`: every benchmark in test/bench, or those named. Each prints its own report; `--write-results` keeps it
 * in test/bench/RESULTS.md, `--quick` measures for seconds only.
 */
await runScript(async () => {
  const config = readConfig();
  await ensureTools(config, say);
  const folder = join(projectRoot, 'test', 'bench');
  const known = readdirSync(folder).filter((file) => file.endsWith('.bench.ts'));
  const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const names = known.map((file) => file.replace('.bench.ts', ''));
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    say(`There is no benchmark ${unknown.join(', ')}; there are: ${names.join(', ')}`);
    return 2;
  }
  if (options.includes('--write-results') && options.includes('--quick')) {
    say('--write-results keeps what was measured for the full time: leave --quick out.');
    return 2;
  }
  const chosen = known.filter((_, index) => wanted.length === 0 || wanted.includes(names[index] as string));
  for (const file of chosen) {
    const code = await runProgram(process.execPath, [join(folder, file), ...options], {
      COMPARATOR_TOOLS: config.tools,
    });
    if (code !== 0) return code;
  }
  return 0;
});
