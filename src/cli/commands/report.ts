import { type Command, Option } from 'commander';
import { harmlessJson } from '../../analysis/harmless-text.ts';
import { reportMarkdown } from '../../analysis/report-markdown.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { clientAction } from '../api/client-action.ts';
import { print } from '../say.ts';
import { renderReport } from '../table.ts';

/** `comparator report ID`: what a comparison, or an experiment, measured. */
export function registerReport(program: Command): void {
  program
    .command('report')
    .description(
      'print what a comparison or an experiment measured; exit code 3 when a requirement was not met',
    )
    .argument('<id>')
    .addOption(new Option('--format <format>').choices(['table', 'markdown', 'json']).default('table'))
    .action(
      clientAction(async (client, id: string, { format }: { format: 'table' | 'markdown' | 'json' }) => {
        const { kind } = await client.find(id);
        const report = await client.report(kind, id);
        print(formats[format](report));
        process.exitCode = reportExitCode(report);
      }),
    );
}

const formats = {
  table: renderReport,
  markdown: (report: Report) => reportMarkdown(report).trimEnd(),
  json: (report: Report) => harmlessJson(report),
};

/** 3 when a requirement was not met, else 0. */
export function reportExitCode(report: Report): 0 | 3 {
  return report.columns.some(({ meetsRequirements }) => meetsRequirements === 'not-met') ? 3 : 0;
}
