import { parseDocument } from 'yaml';
import { experimentSchema } from '../../contracts/input/experiment.ts';
import { type FieldError, parseInput } from '../../contracts/input/problem.ts';
import { SpecFileError } from '../spec-file/faults.ts';
import { readText } from '../spec-file/read-text.ts';
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
 * @throws SpecFileError when one cannot be read, CliError for a technology that is not known here
 */
export async function importOmb(workloadFile: string, driverFile: string): Promise<Imported> {
  const { name, partitions, workload, left } = mapWorkload(await readMapping(workloadFile));
  const driver = mapDriver(await readMapping(driverFile), partitions);
  const document = {
    name: [driver.name, name].filter(Boolean).join(', ') || 'imported',
    technology: driver.technology,
    settings: driver.settings,
    workload,
  };
  const parsed = parseInput(experimentSchema, document);
  return { document, left: [...left, ...driver.left], errors: parsed.ok ? [] : parsed.errors };
}

async function readMapping(path: string): Promise<Record<string, unknown>> {
  const document = parseDocument(await readText(path), { logLevel: 'error' });
  const fault = (detail: string) => new SpecFileError(path, [{ line: 1, column: 1, pointer: '', detail }]);
  const [error] = document.errors;
  if (error) throw fault(error.message);
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fault('is no file of OpenMessaging Benchmark: it has no fields');
  }
  return value as Record<string, unknown>;
}
