import type { Command } from 'commander';
import { dryRunOfComparison, dryRunOfExperiment } from '../../../analysis/plan/dry-run.ts';
import { costInWords } from '../../../analysis/report/cost/cost-words.ts';
import { counted, formatDuration } from '../../../analysis/report/format.ts';
import { type Config, readConfig } from '../../../config.ts';
import { roomOf } from '../../../machine/resources/room.ts';
import { print, printJson } from '../../say.ts';
import { type LoadedSpec, loadSpecFile } from '../../spec-file/load-file.ts';

/** `comparator validate FILE`: checks a file by itself; no comparator needs to run. */
export function registerValidate(program: Command): void {
  program
    .command('validate')
    .description('check an experiment or comparison file; needs no running comparator')
    .argument('<file>', 'YAML or JSON')
    .option('--json', 'print the spec with its defaults filled in')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const loaded = await loadSpecFile(file);
      if (json) {
        printJson(loaded.spec);
        return;
      }
      const { expected, promises, costs } = outlook(loaded, readConfig());
      const what =
        loaded.kind === 'comparison'
          ? `comparison of ${counted(loaded.spec.variants.length, 'variant')}`
          : 'experiment';
      print(`${file} is a valid ${what}; it takes about ${formatDuration(expected.seconds * 1_000)}.`);
      for (const { name, guarantee } of promises) print(`${name}: ${guarantee.explanation}`);
      for (const { name, cost } of costs) {
        if (cost)
          print(
            `${name}: ${costInWords(cost)}, by list prices of ${cost.region} as noted on ${cost.asOf} (${cost.source}); nothing is rented here.`,
          );
      }
      for (const warning of expected.warnings) print(`Note: ${warning}`);
    });
}

/** What it takes, and what each of its variants promises and would cost. */
function outlook(loaded: LoadedSpec, { home, prices }: Config) {
  const surroundings = { room: roomOf(home), prices };
  if (loaded.kind === 'comparison') {
    const { expected, guarantees, costs } = dryRunOfComparison(loaded.spec, surroundings);
    return { expected, promises: guarantees, costs };
  }
  const { spec, expected, guarantee, cost } = dryRunOfExperiment(loaded.spec, surroundings);
  const { name } = spec;
  return { expected, promises: [{ name, guarantee }], costs: [{ name, cost }] };
}
