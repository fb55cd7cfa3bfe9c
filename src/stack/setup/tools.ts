import { join } from 'node:path';
import { type Config, inheritedEnvironment } from '../../config.ts';
import { findExecutable, findJava } from './find-executable.ts';
import { type KafkaPaths, kafkaPaths } from './products/kafka.ts';
import { type MinistackPaths, ministackPaths } from './products/ministack.ts';
import { type NatsPaths, natsPaths } from './products/nats.ts';
import { environmentProgram } from './python.ts';

/** Where the programs are that the stack, the worker and the experiments start. Absolute paths. */
export interface ToolPaths extends KafkaPaths, MinistackPaths, NatsPaths {
  /** The Temporal command line tool, which holds the dev server. */
  temporal: string;
  java: string;
  terraform: string;
  /** For `TF_CLI_CONFIG_FILE`; set-up writes it. */
  terraformCliConfig: string;
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
  return {
    ...kafkaPaths(config),
    ...ministackPaths(config),
    ...natsPaths(config),
    temporal: environmentProgram(config, 'temporal'),
    java: findJava(environment) ?? 'java',
    terraform: findTerraform(environment) ?? 'terraform',
    terraformCliConfig: join(config.home, 'terraform.rc'),
  };
}
