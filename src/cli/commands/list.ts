import { type Command, Option } from 'commander';
import type { ComparisonSummary, ExperimentSummary } from '../../contracts/documents/api.ts';
import { phases } from '../../contracts/documents/phases.ts';
import { outcomes } from '../../contracts/documents/progress.ts';
import type { ApiClient } from '../api/api-client.ts';
import { clientAction } from '../api/client-action.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { print, printJson } from '../say.ts';
import { renderTable } from '../table.ts';

interface ListOptions {
  comparisons?: boolean;
  open?: boolean;
  technology?: string;
  target?: string;
  phase?: string;
  outcome?: string;
  name?: string;
  comparison?: string;
  limit: string;
  cursor?: string;
  json?: boolean;
}

/** `comparator list`: past and running experiments, or comparisons, newest first. */
export function registerList(program: Command): void {
  program
    .command('list')
    .description('list experiments, past and running, newest first')
    .option('--comparisons', 'list comparisons instead')
    .option('--open', 'only those that are not closed')
    .option('--technology <id>', 'only of this technology')
    .option('--target <target>', 'only on this target')
    .addOption(new Option('--phase <phase>', 'only in this phase').choices(phases))
    .addOption(new Option('--outcome <outcome>', 'only with this outcome').choices(outcomes))
    .option('--name <text>', 'only whose name contains this')
    .option('--comparison <id>', 'only of this comparison')
    .option('--limit <number>', 'how many, at most 100', '20')
    .option('--cursor <cursor>', 'continue where an earlier list ended')
    .option('--json', 'print JSON')
    .action(
      clientAction(async (client, { comparisons, json, open: onlyOpen, ...filter }: ListOptions) => {
        const open = onlyOpen ? 'true' : undefined;
        if (comparisons) refuseFiltersOfExperiments(filter);
        const page = comparisons
          ? await client.list('comparisons', { ...filter, open })
          : await client.list('experiments', { ...filter, open });
        if (json) {
          printJson(page);
          return;
        }
        const left = await orphanLine(client);
        if (left) print(`${left}\n`);
        if (page.items.length === 0) print('There are none.');
        else if (comparisons) print(comparisonTable(page.items as ComparisonSummary[]));
        else print(experimentTable(page.items as ExperimentSummary[]));
        if (page.nextCursor) print(`There are more: --cursor ${page.nextCursor}`);
      }),
    );
}

const filtersOfExperiments = ['technology', 'target', 'phase', 'comparison'] as const;

/** @throws CliError where one was given that comparisons do not have */
function refuseFiltersOfExperiments(filter: Pick<ListOptions, (typeof filtersOfExperiments)[number]>): void {
  const given = filtersOfExperiments.find((name) => filter[name] !== undefined);
  if (given) {
    throw new CliError(
      `--${given} is a filter of experiments, not of comparisons: leave out one of them.`,
      exitCodes.wrongUse,
    );
  }
}

/** That something is left which nobody will see otherwise; null where nothing is, or an older API does not say. */
export async function orphanLine(client: Pick<ApiClient, 'orphans'>): Promise<string | null> {
  const orphans = await client.orphans().then(
    ({ items }) => items,
    () => [],
  );
  if (orphans.length === 0) return null;
  const ids = orphans.slice(0, 3).map(({ experimentId }) => experimentId);
  const more = orphans.length > 3 ? ` and ${orphans.length - 3} more` : '';
  return `! Something is left of ${ids.join(', ')}${more} that the reaper could not destroy: comparator doctor says what.`;
}

function experimentTable(items: readonly ExperimentSummary[]): string {
  return renderTable({
    head: ['Id', 'Name', 'Technology', 'Target', 'State', 'Submitted'],
    numeric: [false, false, false, false, false, false],
    rows: items.map((item) => [
      item.id,
      item.name,
      item.emulated ? `${item.technology} (EMULATED)` : item.technology,
      item.target,
      item.outcome ?? item.phase,
      localTime(item.submittedAt),
    ]),
  });
}

function comparisonTable(items: readonly ComparisonSummary[]): string {
  return renderTable({
    head: ['Id', 'Name', 'State', 'Submitted'],
    numeric: [false, false, false, false],
    rows: items.map(({ id, name, outcome, submittedAt }) => [
      id,
      name,
      outcome ?? 'running',
      localTime(submittedAt),
    ]),
  });
}

/** As the reader's clock shows it, with its zone. */
function localTime(instant: string): string {
  return new Date(instant).toLocaleString('sv-SE', { timeZoneName: 'short' });
}
