import type { Command } from 'commander';
import { clientAction } from '../../api/client-action.ts';
import { print, printJson } from '../../say.ts';

/** `comparator retry-destroy ID`: tries a destroy again that had failed. */
export function registerRetryDestroy(program: Command): void {
  program
    .command('retry-destroy')
    .description('try the destroy of an experiment again that needs an operator')
    .argument('<id>')
    .option('--break-lock <lock>', 'confirm that the holder of this state lock is dead')
    .option('--json', 'print JSON: {id}')
    .action(
      clientAction(
        async (client, id: string, { breakLock, json }: { breakLock?: string; json?: boolean }) => {
          await client.retryDestroy(id, breakLock);
          if (json) printJson({ id });
          else print(`Trying to destroy ${id} again.`);
        },
      ),
    );
}
