import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, inheritedEnvironment, projectRoot } from '../../config.ts';
import { writeJsonAtomic } from '../../machine/atomic-file.ts';
import { waitForLock } from '../../machine/file-lock.ts';
import { findExecutable, isExecutable } from './find-executable.ts';
import { type Progress, type Requirement, type RequirementState, SetupError } from './requirement.ts';
import { lastLines, run } from './run-tool.ts';
import { atLeast, isAtLeast, parseVersion, pinned } from './versions.ts';

export const requirementsFile = join(projectRoot, 'src', 'stack', 'setup', 'requirements.txt');

/** Folder of the Python environment that holds what comes from PyPI; another one for other requirements. */
function environmentFolder(config: Config): string {
  const hash = createHash('sha256').update(readFileSync(requirementsFile)).digest('hex');
  return join(config.tools, `python-${hash.slice(0, 12)}`);
}

/** Path of a program that comes with the Python environment. */
export function environmentProgram(config: Config, name: EnvironmentProgram): string {
  return join(environmentFolder(config), 'bin', name);
}

const programs = ['python', 'temporal', 'nats-server'] as const;
type EnvironmentProgram = (typeof programs)[number];

/** The machine's Python; needed only to install what comes from PyPI. */
export function pythonRequirement(config: Config): Requirement {
  return {
    name: 'Python',
    needs: `>= ${atLeast.python.join('.')} with venv`,
    hint: { debian: 'sudo apt-get install python3 python3-venv', macos: 'brew install python' },
    async check(thorough): Promise<RequirementState> {
      const stamp = await readStamp(config);
      if (stamp && !thorough) return { state: 'ok', version: stamp.pythonVersion };
      const found = await findPython();
      if ('file' in found) return { state: 'ok', version: found.version, note: found.file };
      if (stamp) return { state: 'ok', version: stamp.pythonVersion, note: 'the environment is installed' };
      return { state: 'wrong', problem: found.problem };
    },
    install: null,
  };
}

/** The Temporal dev server with its Web UI, and the `temporal` command. */
export function temporalRequirement(config: Config): Requirement {
  return environmentRequirement(config, 'Temporal CLI', pinned.temporal, async () => {
    const { ok, output } = await run(environmentProgram(config, 'temporal'), ['--version']);
    return ok ? (/version (\S+)/.exec(output)?.[1] ?? output) : `does not run: ${output}`;
  });
}

/** A requirement that comes with the Python environment; a thorough look asks the program which version it is. */
export function environmentRequirement(
  config: Config,
  name: string,
  version: string,
  askVersion: () => Promise<string>,
): Requirement {
  return {
    name,
    needs: version,
    hint: null,
    async check(thorough): Promise<RequirementState> {
      if (!(await readStamp(config))) return { state: 'pending', note: 'missing (npm start installs it)' };
      if (!thorough) return { state: 'ok', version };
      const found = await askVersion();
      if (found === version) return { state: 'ok', version };
      const mend = `remove ${environmentFolder(config)}, then npm start installs it again`;
      return { state: 'wrong', problem: `found ${found}; ${mend}` };
    },
    install: (progress) => installEnvironment(config, progress),
  };
}

const stampSchema = z.object({
  /** Where the environment's python led to: a system upgrade can pull it away under the environment. */
  python: z.string(),
  pythonVersion: z.string(),
});

const stampFile = (config: Config) => join(environmentFolder(config), 'complete.json');

/** The stamp of a complete environment, or null when it has to be installed. */
async function readStamp(config: Config): Promise<z.infer<typeof stampSchema> | null> {
  try {
    const stamp = stampSchema.parse(JSON.parse(await readFile(stampFile(config), 'utf8')));
    if (!programs.every((name) => isExecutable(environmentProgram(config, name)))) return null;
    return realpathSync(environmentProgram(config, 'python')) === stamp.python ? stamp : null;
  } catch {
    return null;
  }
}

const packages = `Temporal ${pinned.temporal}, MiniStack ${pinned.ministack} and the NATS server ${pinned.natsServer}`;

async function installEnvironment(config: Config, progress: Progress): Promise<void> {
  const folder = environmentFolder(config);
  const lock = await waitForLock(join(config.tools, 'python.lock'), () =>
    progress(`Another process is installing ${packages}; waiting for it …`),
  );
  try {
    if (await readStamp(config)) return;
    const found = await findPython();
    if (!('file' in found)) throw new SetupError(found.problem);
    progress(`Installing ${packages} (about 110 MB) …`);
    // An environment cannot be moved, since its scripts name its path: the stamp, written last, says it is whole.
    rmSync(folder, { recursive: true, force: true });
    await mustRun('python3 -m venv', found.file, ['-m', 'venv', folder]);
    await mustRun('pip install', join(folder, 'bin', 'python'), [
      ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'],
      ...['--require-hashes', '--only-binary', ':all:', '--requirement', requirementsFile],
    ]);
    const python = realpathSync(join(folder, 'bin', 'python'));
    writeJsonAtomic(stampFile(config), { python, pythonVersion: found.version }, 0o644);
    progress(`${packages} are installed.`);
  } finally {
    lock.release();
  }
}

async function mustRun(name: string, file: string, args: string[]): Promise<void> {
  // What a person has set to steer Python itself must not lead packages elsewhere.
  const unset = [
    'PYTHONPATH',
    'PYTHONHOME',
    'PIP_TARGET',
    'PIP_PREFIX',
    'PIP_USER',
    'PIP_REQUIRE_VIRTUALENV',
  ];
  const environment = Object.fromEntries(unset.map((variable) => [variable, undefined]));
  const { ok, output } = await run(file, args, { environment, timeoutMs: 900_000 });
  if (!ok) throw new SetupError(`${name} failed:\n${lastLines(output, 15)}`);
}

type FoundPython = { file: string; version: string } | { problem: string };

/** Newer ones by their own names too: on macOS and older systems plain `python3` may be too old. */
const pythonNames = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/** The first Python on the PATH that is new enough and can make environments, or what is wrong with the best one. */
async function findPython(path = inheritedEnvironment().PATH): Promise<FoundPython> {
  const problems: string[] = [];
  for (const name of pythonNames) {
    const file = findExecutable(name, path);
    if (!file) continue;
    const version = (
      await run(file, ['-c', 'import platform; print(platform.python_version())'])
    ).output.trim();
    if (!isAtLeast(parseVersion(version) ?? [0], atLeast.python)) {
      problems.push(`${file} is ${version || 'broken'}`);
      continue;
    }
    if ((await run(file, ['-c', 'import venv, ensurepip'])).ok) return { file, version };
    problems.push(`${file} lacks the modules venv and ensurepip`);
  }
  return { problem: problems[0] ?? 'python3 was not found on the PATH' };
}
