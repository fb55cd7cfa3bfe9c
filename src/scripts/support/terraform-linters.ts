import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { waitForLock } from '../../machine/file-lock.ts';
import type { Progress } from '../../stack/setup/requirement.ts';
import { mustRunGo } from './go-tool.ts';
import { ensurePythonTool } from './python-tool.ts';

const tflintVersion = '0.64.0';

/** Programs that look at Terraform's configurations. Absolute paths. */
export interface TerraformLinters {
  tflint: string;
  checkov: string;
}

/**
 * Installs what is missing of them into `config.tools`: minutes, for tflint is built from its sources, and checkov is some
 * 290 MB.
 * @throws SetupError where the machine lacks what that takes
 */
export async function ensureTerraformLinters(config: Config, progress: Progress): Promise<TerraformLinters> {
  const lock = await waitForLock(join(config.tools, 'terraform-linters.lock'), () =>
    progress('Another process is installing tflint and checkov; waiting for it …'),
  );
  try {
    return {
      tflint: await ensureTflint(config, progress),
      checkov: await ensurePythonTool(config, 'checkov', progress),
    };
  } finally {
    lock.release();
  }
}

async function ensureTflint({ tools }: Config, progress: Progress): Promise<string> {
  const folder = join(tools, `tflint-${tflintVersion}`);
  const program = join(folder, 'tflint');
  if (existsSync(program)) return program;
  progress(`Building tflint ${tflintVersion} …`);
  await mustRunGo(['install', `github.com/terraform-linters/tflint@v${tflintVersion}`], {
    GOBIN: folder,
  });
  return program;
}
