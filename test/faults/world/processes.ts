import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { signalProcess } from '../../../src/machine/end.ts';
import { identifyProcess } from '../../../src/machine/identity.ts';
import { findVariableValues } from '../../../src/machine/scan.ts';
import { parentOf } from '../../support/parent-of.ts';

/** A process of an experiment, by what the machine shows of it. */
export interface ExperimentProcess {
  identity: ProcessIdentity;
  parentPid: number;
  kind: 'terraform' | 'supervisor' | 'provider' | 'broker' | 'generator' | 'other';
  command: string;
}

/** Live processes of one experiment below `home`. */
export function processesOf(home: string, experimentId: string): ExperimentProcess[] {
  const folder = `${home}/experiments/${experimentId}`;
  return processEntries().flatMap((entry) => {
    const args = readStrings(`/proc/${entry}/cmdline`);
    if (args.length === 0) return [];
    const command = args.join(' ');
    const isOurs =
      command.includes(folder) ||
      readStrings(`/proc/${entry}/environ`).some((variable) => variable.endsWith(`=${folder}`));
    const identity = isOurs ? identifyProcess(Number(entry)) : null;
    return identity ? [{ identity, parentPid: parentOf(entry), kind: kindOf(args), command }] : [];
  });
}

/** Ends whatever of the experiments below `home` is left; found by its environment, for its folder may be gone. */
export function endStranded(home: string): void {
  const folders = findVariableValues(experimentEnvironment.runFolder, `${home}/experiments/`);
  for (const id of new Set(folders.map((folder) => basename(folder)))) {
    for (const { identity } of processesOf(home, id)) signalProcess(identity, 'SIGKILL');
  }
}

function kindOf(args: string[]): ExperimentProcess['kind'] {
  const command = args.join(' ');
  if (args.some((arg) => arg.startsWith('-chdir='))) return 'terraform';
  if (command.includes('/terraform-provider-')) return 'provider';
  if (command.includes('activities/home/runs/supervisor.ts')) return 'supervisor';
  if (command.includes(' kafka.Kafka ') || args[0]?.endsWith('/nats-server')) return 'broker';
  if (command.includes('loadgen/worker.ts')) return 'generator';
  return 'other';
}

/** Ids of the experiments below `home` that have a live broker or load generator. */
export function measuringExperiments(home: string): string[] {
  const ids = processEntries().flatMap((entry) => {
    const args = readStrings(`/proc/${entry}/cmdline`);
    if (!['broker', 'generator'].includes(kindOf(args))) return [];
    const variables = readStrings(`/proc/${entry}/environ`);
    const folder = variables.find((variable) => variable.includes(`=${home}/experiments/`));
    return folder?.split('/experiments/')[1]?.split('/')[0] ?? [];
  });
  return [...new Set(ids)];
}

/** Terraform processes of an experiment, without the child that looks like its parent between fork and exec. */
export function terraformsOf(home: string, experimentId: string): ExperimentProcess[] {
  const folder = `-chdir=${home}/experiments/${experimentId}/`;
  const found = processEntries().flatMap((entry): ExperimentProcess[] => {
    const args = readStrings(`/proc/${entry}/cmdline`);
    if (!args.some((arg) => arg.startsWith(folder))) return [];
    const identity = identifyProcess(Number(entry));
    return identity
      ? [{ identity, parentPid: parentOf(entry), kind: 'terraform', command: args.join(' ') }]
      : [];
  });
  const pids = new Set(found.map(({ identity }) => identity.pid));
  return found.filter(({ parentPid }) => !pids.has(parentPid));
}

const kernelThreads = { pids: new Set<string>(), seenMs: Number.NEGATIVE_INFINITY };

/** What is in /proc of processes, but for the kernel's own threads: most of it, and looking at all is what takes the time. */
function processEntries(): string[] {
  const entries = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  // A pid is given again, so none is left out for long.
  if (performance.now() - kernelThreads.seenMs > 1_000) {
    const isKernels = (entry: string) => entry === '2' || parentOf(entry) === 2;
    kernelThreads.pids = new Set(entries.filter(isKernels));
    kernelThreads.seenMs = performance.now();
  }
  return entries.filter((entry) => !kernelThreads.pids.has(entry));
}

function readStrings(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}
