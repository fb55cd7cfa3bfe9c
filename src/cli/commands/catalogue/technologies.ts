import type { Command } from 'commander';
import { formatUsd } from '../../../analysis/report/cost/cost-words.ts';
import { fieldsOf, type JsonSchema } from '../../../analysis/report/reference.ts';
import type { TechnologyAnswer } from '../../../contracts/documents/api.ts';
import { clientAction } from '../../api/client-action.ts';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { print, printJson } from '../../say.ts';
import { fieldList, paragraph } from './explain.ts';

/** `comparator technologies [ID]`: what can be compared, and with which settings. */
export function registerTechnologies(program: Command): void {
  program
    .command('technologies')
    .description('list what can be compared, with its settings')
    .argument('[id]', 'only this one')
    .option('--json', 'print JSON')
    .action(
      clientAction(async (client, id: string | undefined, { json }: { json?: boolean }) => {
        const { items } = await client.technologies();
        const wanted = items.filter((item) => id === undefined || item.id === id);
        if (wanted.length === 0) {
          const known = items.map((item) => item.id).join(', ');
          throw new CliError(
            `There is no technology ${JSON.stringify(id)}; there are: ${known}`,
            exitCodes.wrongUse,
          );
        }
        if (json) printJson(id === undefined ? { items: wanted } : wanted[0]);
        else print(wanted.map(technologyText).join('\n\n'));
      }),
    );
}

/** A card for a terminal, wrapped to its width. */
export function technologyText({
  id,
  label,
  summary,
  targets,
  settingsSchema,
  ceilingInWords,
  guarantee,
  prices,
}: TechnologyAnswer): string {
  return [
    `${id}: ${label}`,
    ...paragraph(summary, '  '),
    ...Object.entries(targets).flatMap(([target, { emulated, note }]) =>
      paragraph(`on ${target}: ${emulated ? 'EMULATED. ' : ''}${note}`, '  '),
    ),
    ...paragraph(`limit: ${ceilingInWords}`, '  '),
    ...paragraph(`by default: ${guarantee.explanation}`, '  '),
    ...paragraph(pricesText(prices), '  '),
    fieldList(fieldsOf(settingsSchema as JsonSchema)),
  ].join('\n');
}

function pricesText({ region, asOf, source, items }: TechnologyAnswer['prices']): string {
  const each = Object.values(items).map(({ usd, unit }) => `${formatUsd(usd)} per ${unit}`);
  return `prices of ${region} as noted on ${asOf} (${source}; COMPARATOR_PRICES overrides them): ${each.join(', ')}`;
}
