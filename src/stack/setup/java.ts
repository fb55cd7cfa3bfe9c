import { stripVTControlCharacters } from 'node:util';
import { type Config, inheritedEnvironment } from '../../config.ts';
import { findExecutable, findJava, usableJavaHome } from './find-executable.ts';
import { areKafkaJarsInstalled } from './products/kafka.ts';
import type { Requirement, RequirementState } from './requirement.ts';
import { lastLines, run } from './run-tool.ts';
import { atLeast, isAtLeast, parseVersion } from './versions.ts';

/** The machine's Java, which runs Kafka. */
export const javaRequirement: Requirement = {
  name: 'Java',
  needs: `>= ${atLeast.java.join('.')}`,
  hint: {
    debian: 'sudo apt-get install default-jre-headless',
    macos: 'brew install openjdk, then set JAVA_HOME to what `brew --prefix openjdk` prints',
  },
  async check(): Promise<RequirementState> {
    const file = findJava();
    if (!file) return { state: 'wrong', problem: 'java was found neither in JAVA_HOME nor on the PATH' };
    const { ok, output } = await run(file, ['-version']);
    if (!ok) return { state: 'wrong', problem: `${file} does not run:\n${lastLines(output, 5)}` };
    const version = readJavaVersion(output);
    if (!version || !isAtLeast(parseVersion(version) ?? [], atLeast.java)) {
      return {
        state: 'wrong',
        problem: `${file} is ${version ?? 'of an unknown version'}${fromJavaHome(file)}`,
      };
    }
    return { state: 'ok', version, note: file };
  },
  install: null,
};

/** A way out where the variable leads to the wrong one. */
function fromJavaHome(file: string): string {
  const home = inheritedEnvironment().JAVA_HOME;
  return home && file.startsWith(home)
    ? ', which JAVA_HOME names: set JAVA_HOME to a newer one, or unset it to use that on the PATH'
    : '';
}

/** The version in what `java -version` prints, e.g. `17.0.15`. */
export function readJavaVersion(output: string): string | null {
  return /version "([^"]+)"/.exec(output)?.[1] ?? null;
}

/** The machine's Maven; needed only to install the Kafka jars. */
export function mavenRequirement(config: Config): Requirement {
  return {
    name: 'Maven',
    needs: `>= ${atLeast.maven.join('.')}`,
    hint: { debian: 'sudo apt-get install maven', macos: 'brew install maven' },
    async check(thorough): Promise<RequirementState> {
      const unneeded = await areKafkaJarsInstalled(config);
      if (unneeded && !thorough) return { state: 'ok', version: 'not needed' };
      const file = findExecutable('mvn', inheritedEnvironment().PATH);
      if (!file) {
        return unneeded
          ? { state: 'ok', version: 'not found', note: 'not needed any more: the Kafka jars are installed' }
          : { state: 'wrong', problem: 'mvn was not found on the PATH' };
      }
      if (!thorough) return { state: 'ok', version: 'found', note: file };
      const { output } = await run(file, ['-v', '-B'], { environment: { JAVA_HOME: usableJavaHome() } });
      const version = /Apache Maven (\S+)/.exec(stripVTControlCharacters(output))?.[1];
      if (version && isAtLeast(parseVersion(version) ?? [], atLeast.maven)) {
        return { state: 'ok', version, note: file };
      }
      const problem = version ? `${file} is ${version}` : `${file} does not run:\n${lastLines(output, 5)}`;
      return unneeded ? { state: 'ok', version: 'not needed', note: problem } : { state: 'wrong', problem };
    },
    install: null,
  };
}
