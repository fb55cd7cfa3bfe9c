import { type Command, Option } from 'commander';
import { reportHgrm } from '../../analysis/latency/report-hgrm.ts';
import { harmlessJson } from '../../analysis/report/harmless-text.ts';
import { reportMarkdown } from '../../analysis/report/report-markdown.ts';
import type { Report } from '../../contracts/documents/api.ts';
import type { Outcome } from '../../contracts/documents/progress.ts';
import { clientAction } from '../api/client-action.ts';
import { CliError } from '../cli-error.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { print } from '../say.ts';
import { renderReport } from '../table.ts';
import { writeOut } from '../write-out.ts';

type Format = 'table' | 'markdown' | 'json' | 'hgrm' | 'html';

interface ReportOptions {
  format: Format;
  json?: boolean;
  failOnUndecided?: boolean;
  out?: string;
}

/** `comparator report ID`: what a comparison, or an experiment, measured. */
export function registerReport(program: Command): void {
  program
    .command('report')
    .description('print what a comparison or an experiment measured')
    .argument('<id>')
    .addOption(
      new Option('--format <format>').choices(['table', 'markdown', 'json', 'hgrm', 'html']).default('table'),
    )
    .option('--out <file>', 'write it there instead of printing it')
    .option('--json', 'as --format json')
    .addOption(failOnUndecided())
    .action(
      clientAction(async (client, id: string, options: ReportOptions, command: Command) => {
        const format = formatOf(options, command);
        const { kind, detail } = await client.find(id);
        const report = await client.report(kind, id);
        const text =
          format === 'html' ? await client.reportHtml(kind, id) : formats[format](report, client.url);
        if (options.out === undefined) print(text);
        else await writeOut(options.out, `${text}\n`);
        process.exitCode = reportExitCode(report, detail.outcome, options);
      }),
    );
}

/** @throws CliError where two are asked for */
function formatOf({ format, json }: ReportOptions, command: Command): Format {
  if (!json) return format;
  if (format === 'json' || command.getOptionValueSource('format') === 'default') return 'json';
  throw new CliError(
    `--json asks for JSON, --format ${format} for something else: leave out one of them.`,
    exitCodes.wrongUse,
  );
}

const formats: Record<Exclude<Format, 'html'>, (report: Report, apiUrl: string) => string> = {
  table: renderReport,
  markdown: (report, apiUrl) => reportMarkdown(report, apiUrl).trimEnd(),
  json: (report) => harmlessJson(report),
  hgrm: reportHgrm,
};

/**
 * For scripts that must not take an open question for a yes.
 * @param also what else is left open, as the end of its description
 */
export function failOnUndecided(also = ''): Option {
  return new Option(
    '--fail-on-undecided',
    `exit with 3 also when a requirement is undecided or was not measured${also}`,
  );
}

/**
 * 1 when it failed or was cancelled, 3 when a requirement was not met or, where asked for, is open; else 0.
 * @param outcome null while it is open
 */
export function reportExitCode(
  { conclusion }: Pick<Report, 'conclusion'>,
  outcome: Outcome | null,
  options: { failOnUndecided?: boolean } = {},
): ExitCode {
  if (outcome !== null && outcome !== 'completed') return exitCodes.failed;
  const isOpen = conclusion === 'undecided' || conclusion === 'not-measured';
  const isMissed = conclusion === 'not-met' || (isOpen && options.failOnUndecided);
  return isMissed ? exitCodes.requirementNotMet : exitCodes.done;
}
