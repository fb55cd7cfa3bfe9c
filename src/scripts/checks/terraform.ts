import { devNull } from 'node:os';
import { join } from 'node:path';
import { say } from '../../cli/say.ts';
import { projectRoot, readConfig } from '../../config.ts';
import { runProgram } from '../support/run-program.ts';
import { runScript } from '../support/run-script.ts';
import { ensureTerraformLinters } from '../support/terraform-linters.ts';

/**
 * `npm run check:terraform`: what tflint and checkov say of `terraform/`. By itself, for installing them takes minutes. A
 * check that does not fit is skipped in place, with its reason.
 */
await runScript(async () => {
  const { tflint, checkov } = await ensureTerraformLinters(readConfig(), say);
  const folder = join(projectRoot, 'terraform');
  const failed: string[] = [];
  const check = async (name: string, file: string, args: string[], environment = {}) => {
    say(`\n# ${name}`);
    const code = await runProgram(file, args, environment);
    if (code > 128) process.exit(code);
    if (code !== 0) failed.push(name);
  };

  await check('tflint', tflint, [`--chdir=${folder}`, '--recursive'], { TFLINT_CONFIG_FILE: devNull });
  // It asks nobody: neither for rules nor for modules.
  const offline = ['--skip-download', '--download-external-modules', 'false'];
  await check('checkov', checkov, [
    ...['--directory', folder, '--framework', 'terraform', '--compact', '--quiet', ...offline],
  ]);
  say(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});
