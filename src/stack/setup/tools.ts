import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, inheritedEnvironment, projectRoot } from '../../config.ts';
import { findExecutable, isExecutable } from './find-executable.ts';
import { pinned } from './versions.ts';

/** Where the programs are that the stack, the worker and the experiments start. Absolute paths. */
export interface ToolPaths {
  /** The Temporal command line tool, which holds the dev server. */
  temporal: string;
  /** The Python that has the AWS emulator, and the program that serves it to this home only. */
  ministackPython: string;
  ministackDoor: string;
  /** Folder of the jars of the Kafka broker and tools; as class path: `<kafkaLibs>/*`. */
  kafkaLibs: string;
  /** For `-Dlog4j2.configurationFile=`. */
  kafkaLogConfig: string;
  java: string;
  /** The NATS server. */
  natsServer: string;
  terraform: string;
  /** For `TF_CLI_CONFIG_FILE`; set-up writes it. */
  terraformCliConfig: string;
}

/** Folder of the Python environment that holds what comes from PyPI; another one for other requirements. */
export function pythonEnvironment(config: Config): string {
  const hash = createHash('sha256').update(readFileSync(requirementsFile)).digest('hex');
  return join(config.tools, `python-${hash.slice(0, 12)}`);
}

export const requirementsFile = join(projectRoot, 'src', 'stack', 'setup', 'requirements.txt');
export const kafkaSources = join(projectRoot, 'src', 'stack', 'setup', 'products', 'kafka');

/** Folder that holds `libs/`. */
export function kafkaFolder(config: Config): string {
  return join(config.tools, `kafka-${pinned.kafka}`);
}

/** The machine's Java: JAVA_HOME's, else the one on the PATH, else null. */
export function findJava(environment = inheritedEnvironment()): string | null {
  const home = environment.JAVA_HOME;
  if (home && isExecutable(join(home, 'bin', 'java'))) return join(home, 'bin', 'java');
  return findExecutable('java', environment.PATH);
}

/** The machine's Terraform, or null. */
export function findTerraform(environment = inheritedEnvironment()): string | null {
  return findExecutable('terraform', environment.PATH);
}

/**
 * Where everything is, once set-up has run. Looks at the PATH, starts nothing. A program that is missing is given by
 * its bare name, so that starting it fails with an error that names it.
 */
export function toolPaths(config: Config, environment = inheritedEnvironment()): ToolPaths {
  const bin = join(pythonEnvironment(config), 'bin');
  return {
    temporal: join(bin, 'temporal'),
    ministackPython: join(bin, 'python'),
    ministackDoor: join(projectRoot, 'src', 'stack', 'setup', 'products', 'ministack', 'serve.py'),
    kafkaLibs: join(kafkaFolder(config), 'libs'),
    kafkaLogConfig: join(kafkaSources, 'log4j2.xml'),
    java: findJava(environment) ?? 'java',
    natsServer: join(bin, 'nats-server'),
    terraform: findTerraform(environment) ?? 'terraform',
    terraformCliConfig: join(config.home, 'terraform.rc'),
  };
}
