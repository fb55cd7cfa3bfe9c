import { cpus, release, totalmem } from 'node:os';
import type { OpenSessionOutput } from '../src/contracts/documents/load-parts.ts';
import { knownCalibration } from './calibration/calibration.ts';

/** The machine that generates the load, for the result's environment. */
export function describeHost(): OpenSessionOutput['environment']['host'] {
  const processors = cpus();
  return {
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cpuCount: processors.length,
    memoryBytes: totalmem(),
    kernel: `${process.platform} ${release()}`,
    calibration: knownCalibration(),
  };
}
