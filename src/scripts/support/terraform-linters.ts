import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, inheritedEnvironment, projectRoot } from '../../config.ts';
import { waitForLock } from '../../machine/file-lock.ts';
import { findExecutable } from '../../stack/setup/find-executable.ts';
import { type Progress, SetupError } from '../../stack/setup/requirement.ts';
import { lastLines, run } from '../../stack/setup/run-tool.ts';

const tflintVersion = '0.64.0';

/** Every package that checkov needs, with its version. */
const checkovPackages = join(projectRoot, 'src', 'scripts', 'support', 'checkov.txt');

/** Programs that look at Terraform's configurations. Absolute paths. */
export interface TerraformLinters {
  tflint: string;
  checkov: string;
}

/**
 * Installs what is missing of them into `config.tools`: minutes, for tflint is built from its sources.
 * @throws SetupError where the machine lacks what that takes
 */
export async function ensureTerraformLinters(config: Config, progress: Progress): Promise<TerraformLinters> {
  const lock = await waitForLock(join(config.tools, 'terraform-linters.lock'), () =>
    progress('Another process is installing tflint and checkov; waiting for it …'),
  );
  try {
    return { tflint: await ensureTflint(config, progress), checkov: await ensureCheckov(config, progress) };
  } finally {
    lock.release();
  }
}

async function ensureTflint({ tools }: Config, progress: Progress): Promise<string> {
  const folder = join(tools, `tflint-${tflintVersion}`);
  const program = join(folder, 'tflint');
  if (existsSync(program)) return program;
  progress(`Building tflint ${tflintVersion} …`);
  await mustRun('go', ['install', `github.com/terraform-linters/tflint@v${tflintVersion}`], {
    GOBIN: folder,
  });
  return program;
}

async function ensureCheckov({ tools }: Config, progress: Progress): Promise<string> {
  const wanted = readFileSync(checkovPackages, 'utf8');
  const version = /^checkov==(.+)$/m.exec(wanted)?.[1];
  const folder = join(tools, `checkov-${version}`);
  const program = join(folder, 'bin', 'checkov');
  // Written last: what was interrupted is begun anew.
  const stamp = join(folder, 'complete.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return program;
  progress(`Installing checkov ${version} (about 290 MB) …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(tools, { recursive: true });
  await mustRun('python3', ['-m', 'venv', folder]);
  await mustRun(join(folder, 'bin', 'python'), [
    ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--no-deps'],
    ...['--requirement', checkovPackages],
  ]);
  writeFileSync(stamp, wanted);
  return program;
}

async function mustRun(
  name: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<void> {
  const file = name.startsWith('/') ? name : findExecutable(name, inheritedEnvironment().PATH);
  if (!file)
    throw new SetupError(`tflint and checkov need ${name} to be installed, which is not on the PATH.`);
  const { ok, output } = await run(file, args, { environment, timeoutMs: 1_800_000 });
  if (!ok) throw new SetupError(`${name} ${args.slice(0, 4).join(' ')} failed:\n${lastLines(output, 15)}`);
}
