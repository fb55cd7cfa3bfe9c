import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../cli/say.ts';
import { projectRoot, readConfig } from '../config.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { runProgram } from './run-program.ts';
import { runScript } from './run-script.ts';

/** `npm run bench`: every benchmark in test/bench, or those named; options are theirs. Each prints its own report. */
await runScript(async () => {
  const config = readConfig();
  await ensureTools(config, say);
  const folder = join(projectRoot, 'test', 'bench');
  const known = readdirSync(folder).filter((file) => file.endsWith('.bench.ts'));
  const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const chosen = known.filter(
    (file) => wanted.length === 0 || wanted.includes(file.replace('.bench.ts', '')),
  );
  if (chosen.length === 0) {
    say(
      `There is no such benchmark; there are: ${known.map((file) => file.replace('.bench.ts', '')).join(', ')}`,
    );
    return 2;
  }
  for (const file of chosen) {
    const code = await runProgram(process.execPath, [join(folder, file), ...options], {
      COMPARATOR_TOOLS: config.tools,
    });
    if (code !== 0) return code;
  }
  return 0;
});
