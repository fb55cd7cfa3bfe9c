import { experimentSchema } from '../../contracts/input/experiment.ts';
import { type FieldError, parseInput } from '../../contracts/input/problem.ts';
import { FileFaultsError } from '../../machine/written/file-faults.ts';
import { readText } from '../../machine/written/read-text.ts';
import { readYaml } from '../../machine/written/read-yaml.ts';
import type { LeftOut } from './mapping.ts';
import { mapDriver } from './omb-driver.ts';
import { mapWorkload } from './omb-workload.ts';

/** An experiment made of OpenMessaging Benchmark's files, and what of them it has not. */
export interface Imported {
  document: Record<string, unknown>;
  left: LeftOut[];
  /** What the experiment's schema says against it; empty where it can be run. */
  errors: FieldError[];
}

/**
 * Makes an experiment of a workload file and a driver file of OpenMessaging Benchmark.
 * @throws FileFaultsError when one cannot be read, CliError for a technology that is not known here
 */
export function importOmb(workloadFile: string, driverFile: string): Imported {
  const { name, partitions, workload, left } = mapWorkload(readMapping(workloadFile));
  const driver = mapDriver(readMapping(driverFile), partitions);
  const document = {
    name: [driver.name, name].filter(Boolean).join(', ') || 'imported',
    technology: driver.technology,
    settings: driver.settings,
    workload,
  };
  const parsed = parseInput(experimentSchema, document);
  return { document, left: [...left, ...driver.left], errors: parsed.ok ? [] : parsed.errors };
}

function readMapping(path: string): Record<string, unknown> {
  const { value } = readYaml(readText(path), path);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  const detail = 'this is no file of OpenMessaging Benchmark: it has no fields';
  throw new FileFaultsError(path, [{ line: 1, column: 1, pointer: '', detail }]);
}
