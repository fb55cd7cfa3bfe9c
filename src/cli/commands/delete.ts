import type { Command } from 'commander';
import { clientAction } from '../api/client-action.ts';
import { print, printJson } from '../say.ts';

/** `comparator delete ID…`: removes closed experiments and comparisons with all that was kept of them. */
export function registerDelete(program: Command): void {
  program
    .command('delete')
    .description('delete closed experiments or comparisons: record, results, logs')
    .argument('<id...>')
    .option('--experiments', "also a comparison's experiments")
    .option('--json', 'print JSON: {ids}')
    .action(
      clientAction(
        async (
          client,
          ids: string[],
          { experiments = false, json }: { experiments?: boolean; json?: boolean },
        ) => {
          for (const id of ids) {
            const { kind } = await client.find(id);
            await client.delete(kind, id, experiments);
            if (!json) print(`Deleted ${id}.`);
          }
          if (json) printJson({ ids });
        },
      ),
    );
}
