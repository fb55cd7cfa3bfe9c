import { createHash } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Config, inheritedEnvironment, projectRoot } from '../../../config.ts';
import { writeTextAtomic } from '../../../machine/atomic-file.ts';
import { waitForLock } from '../../../machine/file-lock.ts';
import { findExecutable, usableJavaHome } from '../find-executable.ts';
import { type Progress, type Requirement, type RequirementState, SetupError } from '../requirement.ts';
import { lastLines, run } from '../run-tool.ts';
import { pinned } from '../versions.ts';

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
/** Where the jars are named, with their checksums. */
export const kafkaSources = join(projectRoot, 'src', 'stack', 'setup', 'products', 'kafka');
const sumsFile = join(kafkaSources, 'jars.sha256');

export interface KafkaPaths {
  /** Folder of the jars of the Kafka broker and tools; as class path: `<kafkaLibs>/*`. */
  kafkaLibs: string;
  /** For `-Dlog4j2.configurationFile=`. */
  kafkaLogConfig: string;
}

export function kafkaPaths(config: Config): KafkaPaths {
  return {
    kafkaLibs: join(kafkaFolder(config), 'libs'),
    kafkaLogConfig: join(kafkaSources, 'log4j2.xml'),
  };
}

/** Folder that holds `libs/`. */
function kafkaFolder(config: Config): string {
  return join(config.tools, `kafka-${pinned.kafka}`);
}

/** The jars of the Kafka broker and its tools. */
export function kafkaRequirement(config: Config): Requirement {
  return {
    name: 'Kafka jars',
    needs: pinned.kafka,
    hint: null,
    async check(thorough): Promise<RequirementState> {
      if (!(await areKafkaJarsInstalled(config)))
        return { state: 'pending', note: 'missing (npm start installs them)' };
      const problem = thorough ? await compareJars(kafkaPaths(config).kafkaLibs) : null;
      if (!problem) return { state: 'ok', version: pinned.kafka };
      const mend = `remove ${kafkaFolder(config)}, then npm start installs them again`;
      return { state: 'wrong', problem: `${problem}; ${mend}` };
    },
    install: (progress) => installKafkaJars(config, progress),
  };
}

/** A quick look: the jars were compared with their checksums once, and are still all there. */
export async function areKafkaJarsInstalled(config: Config): Promise<boolean> {
  try {
    const [stamp, sums, names] = await Promise.all([
      readFile(stampFile(kafkaFolder(config)), 'utf8'),
      readFile(sumsFile, 'utf8'),
      readdir(kafkaPaths(config).kafkaLibs),
    ]);
    const present = new Set(names);
    return stamp === hash(sums) && [...parseSums(sums).keys()].every((name) => present.has(name));
  } catch {
    return false;
  }
}

/** The content of a sha256sum file: file name to checksum. */
export function parseSums(text: string): Map<string, string> {
  const lines = text.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [sum = '', name = ''] = line.split(/ [ *]/);
      return [name, sum];
    }),
  );
}

async function installKafkaJars(config: Config, progress: Progress): Promise<void> {
  const folder = kafkaFolder(config);
  const lock = await waitForLock(join(config.tools, 'kafka.lock'), () =>
    progress('Another process is installing the Kafka jars; waiting for it …'),
  );
  try {
    if (await areKafkaJarsInstalled(config)) return;
    // Jars that are right but unstamped were copied there by hand.
    if (await compareJars(join(folder, 'libs'))) await fetchJars(config, folder, progress);
    else await stamp(folder);
  } finally {
    lock.release();
  }
}

async function fetchJars(config: Config, folder: string, progress: Progress): Promise<void> {
  const maven = findExecutable('mvn', inheritedEnvironment().PATH);
  if (!maven) throw new SetupError('mvn was not found on the PATH');
  progress(`Installing the Kafka ${pinned.kafka} jars (about 55 MB) …`);
  for (const name of readdirSync(config.tools)) {
    // Only the holder of the lock makes these, so another one is of a set-up that was killed.
    if (name.startsWith('kafka-') && name.endsWith('.tmp')) {
      rmSync(join(config.tools, name), { recursive: true, force: true });
    }
  }
  const temporary = `${folder}.tmp`;
  const { ok, output } = await run(
    maven,
    [
      ...['--batch-mode', '--quiet', '--file', join(kafkaSources, 'pom.xml'), copyDependencies],
      ...['-DincludeScope=runtime', `-DoutputDirectory=${join(temporary, 'libs')}`],
      // Java asks the password file, which does not know every user of a container.
      `-Duser.home=${homedir()}`,
    ],
    { environment: { JAVA_HOME: usableJavaHome() }, timeoutMs: 900_000 },
  );
  if (!ok) {
    throw new SetupError(
      `Maven could not fetch the Kafka jars:\n${lastLines(output, 15)}${proxyHint(inheritedEnvironment())}`,
    );
  }
  const problem = await compareJars(join(temporary, 'libs'));
  if (problem)
    throw new SetupError(`The Kafka jars that Maven fetched are not the expected ones: ${problem}`);
  await stamp(temporary);
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
  progress(`The Kafka ${pinned.kafka} jars are installed.`);
}

/** Maven, alone among what set-up uses, reads no proxy variables. */
export function proxyHint(environment: Readonly<Record<string, string | undefined>>): string {
  const name = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((one) => environment[one]);
  if (!name) return '';
  return (
    `\n${name} is set, which Maven does not read: give it the proxy in ~/.m2/settings.xml, or by\n` +
    'MAVEN_OPTS="-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT"'
  );
}

const stampFile = (folder: string) => join(folder, 'complete');

async function stamp(folder: string): Promise<void> {
  writeTextAtomic(stampFile(folder), hash(await readFile(sumsFile, 'utf8')), 0o644);
}

/** Compares a folder with the committed checksums. Returns null when it is exactly right, else what is not. */
async function compareJars(folder: string): Promise<string | null> {
  const wanted = parseSums(await readFile(sumsFile, 'utf8'));
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return `${folder} cannot be read`;
  }
  const stranger = names.find((name) => !wanted.has(name));
  if (stranger) return `${stranger} does not belong there`;
  for (const [name, sum] of wanted) {
    if (!names.includes(name)) return `${name} is missing`;
    if (hash(await readFile(join(folder, name))) !== sum) return `${name} has another checksum`;
  }
  return null;
}

function hash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
