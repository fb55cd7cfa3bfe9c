import type { Command } from 'commander';
import type { TechnologyAnswer } from '../../contracts/documents/api.ts';
import { clientAction } from '../api/client-action.ts';
import { CliError } from '../cli-error.ts';
import { print, printJson } from '../say.ts';

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
          throw new CliError(`There is no technology ${JSON.stringify(id)}; there are: ${known}`, 2);
        }
        if (json) printJson(id === undefined ? { items: wanted } : wanted[0]);
        else print(wanted.map(technologyText).join('\n\n'));
      }),
    );
}

interface SettingSchema {
  description?: string;
  default?: unknown;
  type?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  /** Of an object: the names it may have. */
  propertyNames?: { enum?: unknown[] };
}

function technologyText({
  id,
  label,
  summary,
  targets,
  settingsSchema,
  ceilingInWords,
}: TechnologyAnswer): string {
  const settings = Object.entries((settingsSchema.properties ?? {}) as Record<string, SettingSchema>);
  const width = Math.max(0, ...settings.map(([name]) => name.length));
  return [
    `${id}: ${label}`,
    `  ${summary}`,
    ...Object.entries(targets).map(
      ([target, { emulated, note }]) => `  on ${target}: ${emulated ? 'EMULATED. ' : ''}${note}`,
    ),
    `  limit: ${ceilingInWords}`,
    '  settings:',
    ...settings.map(
      ([name, schema]) =>
        `    ${name.padEnd(width)}  ${schema.description ?? ''}${allowed(schema)} [${JSON.stringify(schema.default)}]`,
    ),
  ].join('\n');
}

/** What a setting may be, where its description cannot be expected to say so. */
function allowed({ type, enum: values, minimum, maximum, propertyNames }: SettingSchema): string {
  const names = values ?? propertyNames?.enum;
  if (names) return `: ${names.join(', ')}`;
  if (type === 'boolean') return ': true, false';
  return minimum === undefined || maximum === undefined ? '' : `: ${minimum} to ${maximum}`;
}
