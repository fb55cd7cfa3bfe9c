import type { Command } from 'commander';
import { clientAction } from '../../api/client-action.ts';
import { print, printJson } from '../../say.ts';

/** `comparator cancel ID`: stops an experiment or comparison, and has what it made destroyed. */
export function registerCancel(program: Command): void {
  program
    .command('cancel')
    .description('cancel an experiment or comparison; what it made is destroyed')
    .argument('<id>')
    .option('--json', 'print JSON: {id}')
    .action(
      clientAction(async (client, id: string, { json }: { json?: boolean }) => {
        const { kind } = await client.find(id);
        await client.cancel(kind, id);
        if (json) printJson({ id });
        else print(`Cancelling ${id}: it stops, keeps what was measured, and destroys what it made.`);
      }),
    );
}
