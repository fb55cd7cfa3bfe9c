import type { Command } from 'commander';
import { expectedOfComparison, expectedOfExperiment } from '../../../analysis/expected-time.ts';
import { counted, formatDuration } from '../../../analysis/report/format.ts';
import { readConfig } from '../../../config.ts';
import { freeDiskBytes } from '../../../machine/free-disk.ts';
import { print, printJson } from '../../say.ts';
import { loadSpecFile } from '../../spec-file/load-file.ts';

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
      const freeBytes = freeDiskBytes(readConfig().home);
      const { seconds, warnings } =
        loaded.kind === 'comparison'
          ? expectedOfComparison(loaded.spec, freeBytes)
          : expectedOfExperiment(loaded.spec, freeBytes);
      const what =
        loaded.kind === 'comparison'
          ? `comparison of ${counted(loaded.spec.variants.length, 'variant')}`
          : 'experiment';
      print(`${file} is a valid ${what}; it takes about ${formatDuration(seconds * 1_000)}.`);
      for (const warning of warnings) print(`Note: ${warning}`);
    });
}
