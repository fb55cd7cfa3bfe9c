import type { Command } from 'commander';
import type { InfrastructurePlan } from '../../../../activities/home/planning/plan.ts';
import { cloudFaultsOfComparison, cloudFaultsOfExperiment } from '../../../analysis/plan/cloud.ts';
import { clusterFaultsOfComparison, clusterFaultsOfExperiment } from '../../../analysis/plan/clusters.ts';
import { dryRunOfComparison, dryRunOfExperiment } from '../../../analysis/plan/dry-run.ts';
import { diskInWords, memoryInWords } from '../../../analysis/plan/room-in-words.ts';
import { costInWords } from '../../../analysis/report/cost/cost-words.ts';
import { counted, formatDuration } from '../../../analysis/report/format.ts';
import { type Config, readConfig } from '../../../config.ts';
import type { ExperimentSpec } from '../../../contracts/input/experiment.ts';
import { variantExperiment } from '../../../contracts/input/grid/grid.ts';
import { knownClusters } from '../../../machine/clusters/cluster-files.ts';
import { roomOf } from '../../../machine/resources/room.ts';
import { FileFaultsError } from '../../../machine/written/file-faults.ts';
import { exitCodes } from '../../exit-codes.ts';
import { print, printJson, say } from '../../say.ts';
import { type LoadedSpec, loadSpecFile } from '../../spec-file/load-file.ts';
import { listenForInterrupts } from '../../stack/interrupt.ts';
import { planByName, planLines, planWarnings } from './plan-lines.ts';

/** `comparator validate FILE`: checks a file by itself; no comparator needs to run. */
export function registerValidate(program: Command): void {
  program
    .command('validate')
    .description('check an experiment or comparison file; needs no running comparator')
    .argument('<file>', 'YAML or JSON; - for standard input')
    .option(
      '--plan',
      'of target: aws, have terraform plan what an apply would make; asks AWS with your credentials, makes nothing',
    )
    .option(
      '--json',
      'print JSON: the spec with its defaults filled in, and beside it expected, guarantee, cost and plan',
    )
    .action(async (file: string, { json, plan }: { json?: boolean; plan?: boolean }) => {
      const loaded = loadSpecFile(file);
      const config = readConfig();
      const notes = [...clusterNotes(loaded, file, config), ...cloudNotes(loaded, file, config)];
      const plans = plan ? await planned(loaded, config) : [];
      if (plans === null) {
        process.exitCode = exitCodes.interrupted;
        return;
      }
      notes.push(...planWarnings(plans));
      const names = experimentsOf(loaded).map(({ name }) => name);
      const more = plan ? { plan: planByName(names, plans) } : {};
      if (json) printJson({ ...asDocument(loaded, notes, config), ...more });
      else print(inWords(loaded, file, { notes, plans, config }).join('\n'));
    });
}

/** What terraform would make of it; null once the user had it end. */
async function planned(loaded: LoadedSpec, config: Config): Promise<InfrastructurePlan[] | null> {
  // What it needs of AWS and of the worker is not loaded for every command.
  const { planInfrastructure } = await import('../../../../activities/home/planning/plan.ts');
  const interrupts = listenForInterrupts();
  try {
    return await planInfrastructure(config, experimentsOf(loaded), say, interrupts.first);
  } catch (error) {
    if (interrupts.first.aborted) return null;
    throw error;
  } finally {
    interrupts.dispose();
  }
}

interface Told {
  notes: readonly string[];
  plans: readonly InfrastructurePlan[];
  config: Config;
}

/** A valid file for a person, by lines. */
function inWords(loaded: LoadedSpec, file: string, { notes, plans, config }: Told): string[] {
  const { expected, promises, costs } = outlook(loaded, config);
  const { spec } = loaded;
  const what =
    'variants' in spec ? `comparison of ${counted(spec.variants.length, 'variant')}` : 'experiment';
  const rented = expected.costUsd === null ? '; nothing is rented here' : '';
  const made = (expected.resources ?? []).map(
    ({ name, addresses }) => `${name}: makes in AWS ${addresses.join(', ')}.`,
  );
  return [
    `${file} is a valid ${what}; it takes about ${formatDuration(expected.seconds * 1_000)}.`,
    `On the disk ${diskInWords(expected)}, of memory ${memoryInWords(expected)}.`,
    ...promises.map(({ name, guarantee }) => `${name}: ${guarantee.explanation}`),
    ...costs.flatMap(({ name, cost }) =>
      cost
        ? `${name}: ${costInWords(cost)}, by list prices of ${cost.region} as noted on ${cost.asOf} (${cost.source})${rented}.`
        : [],
    ),
    ...(expected.costUsd === null
      ? []
      : [`It may cost up to $${expected.costUsd.toFixed(2)}. ${expected.costReason}`]),
    ...(plans.length > 0 ? plans.flatMap(planLines) : made),
    ...[...expected.warnings, ...notes].map((warning) => `Note: ${warning}`),
  ];
}

function experimentsOf({ kind, spec }: LoadedSpec): ExperimentSpec[] {
  return kind === 'comparison' ? spec.variants.map((_, index) => variantExperiment(spec, index)) : [spec];
}

/**
 * What cannot be said of the clusters that it names.
 * @throws FileFaultsError where the file of clusters lacks one
 */
function clusterNotes(loaded: LoadedSpec, file: string, { clustersFile }: Config): string[] {
  const known = knownClusters(clustersFile);
  const faults =
    loaded.kind === 'comparison'
      ? clusterFaultsOfComparison(loaded.spec, known)
      : clusterFaultsOfExperiment(loaded.spec, known);
  if (faults.length === 0) return [];
  if (clustersFile === null)
    return [
      'which clusters there are, COMPARATOR_CLUSTERS says where the comparator runs; here it is not set.',
    ];
  throw new FileFaultsError(file, loaded.faultsOf(faults));
}

/**
 * What cannot be said of the account that it is to run in.
 * @throws FileFaultsError where its region is not allowed, or its budget does not do
 */
function cloudNotes(loaded: LoadedSpec, file: string, { cloud, aws, prices }: Config): string[] {
  // Where no account is named, commands may run beside another machine's comparator, which has some.
  const isSetUp = cloud.accounts.length > 0;
  const known = { regions: cloud.regions, region: aws.region, problem: isSetUp ? cloud.problem : null };
  const asked = loaded.spec.region;
  const place = isSetUp || !asked ? known : { ...known, regions: [asked] };
  const faults =
    loaded.kind === 'comparison'
      ? cloudFaultsOfComparison(loaded.spec, place, prices)
      : cloudFaultsOfExperiment(loaded.spec, place, prices);
  if (faults.length > 0) throw new FileFaultsError(file, loaded.faultsOf(faults));
  const targets = loaded.kind === 'comparison' ? loaded.spec.variants : [loaded.spec];
  if (isSetUp || targets.every(({ target }) => target !== 'aws')) return [];
  return [
    'which accounts and regions may be used, COMPARATOR_AWS_ACCOUNTS and COMPARATOR_AWS_REGIONS say where the comparator runs; here they are not set.',
  ];
}

/** A spec, and what else a dry run of the API answers with, under the same names. */
function asDocument(loaded: LoadedSpec, notes: readonly string[], config: Config): object {
  const { spec, expected, ...more } = dryRunOf(loaded, config);
  return { ...spec, expected: { ...expected, warnings: [...expected.warnings, ...notes] }, ...more };
}

/** What it takes, and what each of its variants promises and would cost. */
function outlook(loaded: LoadedSpec, config: Config) {
  const answer = dryRunOf(loaded, config);
  const { expected } = answer;
  if ('guarantees' in answer) return { expected, promises: answer.guarantees, costs: answer.costs };
  const { name } = answer.spec;
  const { guarantee, cost } = answer;
  return { expected, promises: [{ name, guarantee }], costs: [{ name, cost }] };
}

function dryRunOf(loaded: LoadedSpec, { home, prices, cloud }: Config) {
  const surroundings = { room: roomOf(home), prices, cloud };
  return loaded.kind === 'comparison'
    ? dryRunOfComparison(loaded.spec, surroundings)
    : dryRunOfExperiment(loaded.spec, surroundings);
}
