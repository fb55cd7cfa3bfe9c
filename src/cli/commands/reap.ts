import type { Command } from 'commander';
import { harmless } from '../../analysis/report/harmless-text.ts';
import { clientAction } from '../api/client-action.ts';
import { exitCodes } from '../exit-codes.ts';
import { print, printJson } from '../say.ts';

/** `comparator reap`: destroys what is left of experiments whose workflow no longer runs. */
export function registerReap(program: Command): void {
  program
    .command('reap')
    .description('destroy what is left of experiments whose workflow no longer runs')
    .option('--dry-run', 'only list it')
    .option('--json', 'print JSON')
    .action(
      clientAction(async (client, { dryRun = false, json }: { dryRun?: boolean; json?: boolean }) => {
        const report = await client.reap(dryRun);
        if (json) printJson(report);
        else if (report.orphans.length === 0) print('Nothing is left behind.');
        else {
          for (const { experimentId, items, result, message } of report.orphans) {
            print(harmless(`${experimentId}  ${result}${message ? `: ${message}` : ''}`));
            for (const { kind, name, description } of items)
              print(harmless(`  ${kind} ${name}: ${description}`));
          }
        }
        if (report.orphans.some(({ result }) => result === 'failed' || result === 'needs-operator')) {
          process.exitCode = exitCodes.failed;
        }
      }),
    );
}
