import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ApiClient } from '../api/api-client.ts';
import { clientAction } from '../api/client-action.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { print, printJson } from '../say.ts';

/** How often a log that is followed is looked at. */
const followMs = 1_000;

interface LogOptions {
  follow?: boolean;
  json?: boolean;
}

/** `comparator log ID`: phases and terraform's messages of an experiment, with what went wrong. */
export function registerLog(program: Command): void {
  program
    .command('log')
    .description("print an experiment's phases, terraform's messages and what went wrong")
    .argument('<id>')
    .option('-f, --follow', 'go on until the experiment is closed')
    .option('--json', 'print JSON: {id, lines}')
    .action(
      clientAction(async (client, id: string, { follow = false, json = false }: LogOptions) => {
        if (follow && json) {
          throw new CliError(
            '--json prints one document, --follow goes on with lines: leave out one of them.',
            exitCodes.wrongUse,
          );
        }
        const { kind, detail } = await client.find(id);
        if (kind === 'comparisons') {
          const ids = detail.variants.map(({ experimentId }) => experimentId).join(', ');
          throw new CliError(
            `${id} is a comparison; each of its experiments has a log: ${ids}`,
            exitCodes.wrongUse,
          );
        }
        if (json) printJson({ id, lines: await linesOf(client, id) });
        else await tell(client, id, follow);
      }),
    );
}

/** Prints the log, and with `follow` what is added to it. */
async function tell(client: ApiClient, id: string, follow: boolean): Promise<void> {
  let told = 0;
  for (;;) {
    const closed = (await client.detail('experiments', id)).outcome !== null;
    const lines = await linesOf(client, id);
    if (lines.length > told) print(lines.slice(told).join('\n'));
    else if (told === 0 && !follow) print('There is no log yet.');
    told = Math.max(told, lines.length);
    if (closed || !follow) return;
    await delay(followMs);
  }
}

async function linesOf(client: ApiClient, id: string): Promise<string[]> {
  return ((await client.log(id)) ?? '').split('\n').filter((line) => line !== '');
}
