import { type Command, InvalidArgumentError } from 'commander';
import { keptMinutesSchema } from '../../../contracts/input/keeping/keep-minutes.ts';
import { mostKeptMinutes } from '../../../contracts/input/keeping/kept.ts';
import { clientAction } from '../../api/client-action.ts';
import { print, printJson } from '../../say.ts';

/** `comparator extend ID MINUTES`: keeps what was measured for longer, to look inside. */
export function registerExtend(program: Command): void {
  program
    .command('extend')
    .description('keep what an experiment with keepMinutes has made for longer; cancel destroys it now')
    .argument('<id>')
    .argument('<minutes>', 'from the present end of the keeping on', minutesOf)
    .option('--json', 'print JSON: {id, keptUntil}')
    .action(
      clientAction(async (client, id: string, minutes: number, { json }: { json?: boolean }) => {
        const keptUntil = await client.extend(id, minutes);
        if (json) printJson({ id, keptUntil });
        else print(`Keeping ${id} until ${keptUntil}; npx comparator cancel ${id} destroys it now.`);
      }),
    );
}

function minutesOf(text: string): number {
  const minutes = keptMinutesSchema.safeParse(text.trim() === '' ? Number.NaN : Number(text)).data;
  if (minutes !== undefined) return minutes;
  throw new InvalidArgumentError(`must be a whole number from 1 to ${mostKeptMinutes}`);
}
