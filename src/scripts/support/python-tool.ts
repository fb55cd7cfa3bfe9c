import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, inheritedEnvironment, projectRoot } from '../../config.ts';
import { findExecutable } from '../../stack/setup/find-executable.ts';
import { type Progress, SetupError } from '../../stack/setup/requirement.ts';
import { lastLines, run } from '../../stack/setup/run-tool.ts';

/**
 * Installs a Python tool in a folder of its own below `config.tools`, with the versions of all that it needs from
 * `support/<name>.txt`.
 * @returns its program
 * @throws SetupError where the machine lacks what that takes
 */
export async function ensurePythonTool({ tools }: Config, name: string, progress: Progress): Promise<string> {
  const packages = join(projectRoot, 'src', 'scripts', 'support', `${name}.txt`);
  const wanted = readFileSync(packages, 'utf8');
  const version = new RegExp(`^${name}==(.+)$`, 'm').exec(wanted)?.[1];
  const folder = join(tools, `${name}-${version}`);
  const program = join(folder, 'bin', name);
  // Written last: what was interrupted is begun anew.
  const stamp = join(folder, 'complete.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return program;
  progress(`Installing ${name} ${version} …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(tools, { recursive: true });
  await mustRun('python3', ['-m', 'venv', folder]);
  await mustRun(join(folder, 'bin', 'python'), [
    ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--no-deps'],
    ...['--requirement', packages],
  ]);
  writeFileSync(stamp, wanted);
  return program;
}

/** Runs a program of the machine. @throws SetupError where it is not there, or fails */
export async function mustRun(
  name: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<void> {
  const file = name.startsWith('/') ? name : findExecutable(name, inheritedEnvironment().PATH);
  if (!file) throw new SetupError(`This check needs ${name} to be installed, which is not on the PATH.`);
  const { ok, output } = await run(file, args, { environment, timeoutMs: 1_800_000 });
  if (!ok) throw new SetupError(`${name} ${args.slice(0, 4).join(' ')} failed:\n${lastLines(output, 15)}`);
}
