import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../../cli/say.ts';
import { projectRoot, readConfig } from '../../config.ts';
import { ensurePackagingLinters } from '../support/packaging-linters.ts';
import { runProgram } from '../support/run-program.ts';
import { runScript } from '../support/run-script.ts';

/** Of every variable that the file demands: whether it is whole is asked, not what is in it. */
const anyKey = 'a-key-that-is-nowhere-used';

/**
 * `npm run check:packaging`: what hadolint says of the Dockerfile, compose of docker-compose.yml, and actionlint of the
 * workflows. By itself, for installing them takes minutes, and Go. A rule that does not fit is ignored in place.
 */
await runScript(async () => {
  const { hadolint, actionlint, compose } = await ensurePackagingLinters(readConfig(), say);
  const failed: string[] = [];
  const check = async (name: string, file: string, args: string[], environment = {}) => {
    say(`\n# ${name}`);
    const code = await runProgram(file, args, environment);
    if (code > 128) process.exit(code);
    if (code !== 0) failed.push(name);
  };

  await check('hadolint', hadolint, ['--failure-threshold', 'style', join(projectRoot, 'Dockerfile')]);
  const keys = ['COMPARATOR_API_KEYS', 'EMULATOR_KEY_ID', 'EMULATOR_SECRET_KEY', 'POSTGRES_PASSWORD'];
  const [program = '', ...words] = compose;
  const file = ['--file', join(projectRoot, 'docker-compose.yml')];
  await check(
    'docker compose config',
    program,
    [...words, ...file, '--profile', 'aws', 'config', '--quiet'],
    {
      ...Object.fromEntries(keys.map((name) => [name, anyKey])),
    },
  );
  const folder = join(projectRoot, '.github', 'workflows');
  const workflows = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  // What shells out would be found on this machine or not.
  await check('actionlint', actionlint, ['-shellcheck', '', '-pyflakes', '', ...workflows]);
  say(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});
