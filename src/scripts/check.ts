import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../cli/say.ts';
import { projectRoot, readConfig } from '../config.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { run } from '../stack/setup/run-tool.ts';
import { toolPaths } from '../stack/setup/tools.ts';
import { runProgram } from './support/run-program.ts';
import { runScript } from './support/run-script.ts';

/** `npm run check`: types, lint and format, and Terraform's own checks. All of them, so that one run tells everything. */
await runScript(async () => {
  const config = readConfig();
  await ensureTools(config, say);
  const { terraform, terraformCliConfig } = toolPaths(config);
  const module = (...path: string[]) => join(projectRoot, 'node_modules', ...path);
  const failed: string[] = [];
  const check = async (name: string, file: string, args: string[], environment = {}) => {
    say(`\n# ${name}`);
    const code = await runProgram(file, args, environment);
    if (code > 128) process.exit(code);
    if (code !== 0) failed.push(name);
  };

  const tsc = module('typescript', 'bin', 'tsc');
  await check('type check', process.execPath, [tsc, '--project', '.']);
  await check('type check of the page', process.execPath, [tsc, '--noEmit', '--project', 'src/web']);
  await check('lint and format', process.execPath, [module('@biomejs', 'biome', 'bin', 'biome'), 'ci']);
  await check('terraform fmt', terraform, ['fmt', '-check', '-recursive', '-diff', 'terraform']);
  const scratch = mkdtempSync(join(tmpdir(), 'comparator-check-'));
  try {
    // In a copy: init leaves a lock file beside what it initialises.
    cpSync(join(projectRoot, 'terraform'), join(scratch, 'terraform'), { recursive: true });
    for (const root of terraformRoots()) {
      const chdir = `-chdir=${join(scratch, 'terraform', root)}`;
      const environment = {
        TF_CLI_CONFIG_FILE: terraformCliConfig,
        TF_DATA_DIR: join(scratch, 'data', root),
        CHECKPOINT_DISABLE: '1',
      };
      const init = ['init', '-backend=false', '-input=false', '-no-color'];
      const initialised = await run(terraform, [chdir, ...init], { environment, timeoutMs: 600_000 });
      if (!initialised.ok) {
        say(`\n# terraform init ${root}\n${initialised.output}`);
        failed.push(`terraform init ${root}`);
      } else {
        await check(`terraform validate ${root}`, terraform, [chdir, 'validate', '-no-color'], environment);
        // With mocked providers: nothing is made, nobody is asked.
        if (existsSync(join(projectRoot, 'terraform', root, 'tests'))) {
          await check(`terraform test ${root}`, terraform, [chdir, 'test', '-no-color'], environment);
        }
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  say(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});

/** The root modules: `<technology>/<target>` with a main.tf, and those of the service itself. */
function terraformRoots(): string[] {
  const folder = join(projectRoot, 'terraform');
  if (!existsSync(folder)) return [];
  const technologies = readdirSync(folder).filter((name) => name !== 'modules');
  const placed = technologies.flatMap((technology) =>
    ['local', 'existing', 'aws'].map((target) => join(technology, target)),
  );
  const roots = [...placed, 'service', join('service', 'account')];
  return roots.filter((root) => existsSync(join(folder, root, 'main.tf')));
}
