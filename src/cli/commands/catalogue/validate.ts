import type { Command } from 'commander';
import { dryRunOfComparison, dryRunOfExperiment } from '../../../analysis/plan/dry-run.ts';
import type { Room } from '../../../analysis/plan/room.ts';
import { counted, formatDuration } from '../../../analysis/report/format.ts';
import { readConfig } from '../../../config.ts';
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
      const room = roomOf(readConfig().home);
      const { expected, promises } = outlook(loaded, room);
      const what =
        loaded.kind === 'comparison'
          ? `comparison of ${counted(loaded.spec.variants.length, 'variant')}`
          : 'experiment';
      print(`${file} is a valid ${what}; it takes about ${formatDuration(expected.seconds * 1_000)}.`);
      for (const { name, guarantee } of promises) print(`${name}: ${guarantee.explanation}`);
      for (const warning of expected.warnings) print(`Note: ${warning}`);
    });
}

/** What it takes, and what each of its variants promises. */
function outlook(loaded: LoadedSpec, room: Room) {
  if (loaded.kind === 'comparison') {
    const { expected, guarantees } = dryRunOfComparison(loaded.spec, room);
    return { expected, promises: guarantees };
  }
  const { spec, expected, guarantee } = dryRunOfExperiment(loaded.spec, room);
  return { expected, promises: [{ name: spec.name, guarantee }] };
}
