import { type Command, InvalidArgumentError } from 'commander';
import type { Report } from '../../contracts/documents/api.ts';
import type { ApiClient, Detail, WorkKind } from '../api/api-client.ts';
import { ApiError } from '../api/api-connection.ts';
import { clientAction } from '../api/client-action.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { createProgressView, type ProgressView } from '../progress/progress-view.ts';
import { watch } from '../progress/watch.ts';
import {
  type Changes,
  changesSince,
  closesGate,
  regressionLine,
  renderChanges,
} from '../regression/changes.ts';
import { blindSpots } from '../regression/gate.ts';
import { print, printJson, say } from '../say.ts';
import { type LoadedSpec, loadSpecFile } from '../spec-file/load-file.ts';
import { loadReportFile } from '../spec-file/report-file.ts';
import { listenForInterrupts } from '../stack/interrupt.ts';
import { renderReport } from '../table.ts';
import { failOnUndecided, reportExitCode } from './report.ts';

interface RunOptions {
  json?: boolean;
  wait: boolean;
  failOnUndecided?: boolean;
  fromReport?: string;
  failOnRegression?: number;
}

/** `comparator run FILE`: starts an experiment or comparison and, unless told otherwise, stays until it is closed. */
export function registerRun(program: Command): void {
  program
    .command('run')
    .description('run an experiment or comparison from a file and print what it measured')
    .argument('[file]', 'YAML or JSON; - for standard input')
    .option('--json', 'print JSON: the report, or with --no-wait the id')
    .option('--no-wait', 'only start it')
    .addOption(failOnUndecided('; with --fail-on-regression also when a change cannot be told'))
    .option(
      '--from-report <file>',
      'instead of a file: run again what a report (as JSON) is of, and say what changed',
    )
    .option(
      '--fail-on-regression <percent>',
      'exit with 3 also when a metric is worse by as much, told from chance (which takes about 4 runs then and now), or messages are lost that were not',
      percentOf,
    )
    .action(
      clientAction(async (client, file: string | undefined, options: RunOptions) => {
        const { loaded, before } = whatToRun(file, options);
        const blind = before && options.failOnRegression !== undefined ? blindSpots(before, loaded) : [];
        warnOfBlindSpots(blind, options);
        const { kind: singular, document } = loaded;
        const kind: WorkKind = `${singular}s`;
        const accepted = await client.submit(kind, document);
        if (!options.wait) {
          if (options.json) printJson(accepted);
          else print(accepted.id);
          return;
        }
        say(`Started ${singular} ${accepted.id}. Ctrl-C cancels it.`);
        process.exitCode = await follow(client, kind, accepted.id, { ...options, before, blind });
      }),
    );
}

function percentOf(text: string): number {
  const percent = Number(text);
  if (text.trim() !== '' && Number.isFinite(percent) && percent >= 0) return percent;
  throw new InvalidArgumentError('It is a number of percent, such as 10.');
}

/** @throws CliError unless there is just one of the two, and somebody to answer what is asked */
function whatToRun(
  file: string | undefined,
  { fromReport, failOnRegression, failOnUndecided, wait }: RunOptions,
): { loaded: LoadedSpec; before: Report | null } {
  if (!wait && (failOnUndecided || failOnRegression !== undefined)) {
    throw new CliError(
      `--no-wait leaves before anything is measured, so that --fail-on-${failOnUndecided ? 'undecided' : 'regression'} has nothing to judge: leave out one of them.`,
      exitCodes.wrongUse,
    );
  }
  if ((file === undefined) === (fromReport === undefined)) {
    throw new CliError('Give either a file to run, or --from-report with a report.', exitCodes.wrongUse);
  }
  if (fromReport === undefined) {
    if (failOnRegression !== undefined) {
      throw new CliError(
        '--fail-on-regression compares with an earlier report: give --from-report too.',
        exitCodes.wrongUse,
      );
    }
    return { loaded: loadSpecFile(file as string), before: null };
  }
  const { report, loaded } = loadReportFile(fromReport);
  return { loaded, before: report };
}

/**
 * A gate that cannot fall is said so before anything is measured behind it. That messages are lost is told of single runs too,
 * so it is refused only where what is left open must not pass for a yes.
 * @throws CliError where that was asked for
 */
function warnOfBlindSpots(blind: readonly string[], { failOnUndecided }: RunOptions): void {
  if (blind.length === 0) return;
  const why = `--fail-on-regression cannot tell that it became slower: ${blind.join('; ')}.`;
  if (failOnUndecided) throw new CliError(why, exitCodes.wrongUse);
  say(`WARNING: ${why} Only lost, failed and duplicated messages will be.`);
}

/** Shows it until it is closed, then its report; Ctrl-C cancels it. Returns the exit code. */
async function follow(
  client: ApiClient,
  kind: WorkKind,
  id: string,
  options: RunOptions & { before: Report | null; blind: readonly string[] },
): Promise<number> {
  const interrupts = listenForInterrupts();
  const view: ProgressView<WorkKind> = createProgressView(kind);
  interrupts.first.addEventListener('abort', () => {
    // Leaves the last picture standing above what is said now.
    view.done();
    void cancel(client, kind, id);
  });
  try {
    const detail: Detail<WorkKind> | null = await watch(client, kind, id, {
      view,
      signal: interrupts.second,
    });
    if (detail === null) {
      say(`Detached from ${id}; it goes on. comparator show ${id} tells how it ends.`);
      return exitCodes.interrupted;
    }
    const report = await client.report(kind, id);
    const changes = options.before && changesSince(options.before, report, options.failOnRegression ?? null);
    if (options.json) printJson(changes ? { ...report, ...changes } : report);
    else print(renderReport(report));
    if (changes && !options.json) print(`\n${renderChanges(changes)}`);
    for (const line of whereToLook(client.url, kind, detail)) say(line);
    if (changes) sayOfRegression(changes, options.blind);
    say(conclusionLine(report));
    if (interrupts.first.aborted) return exitCodes.interrupted;
    const exitCode = reportExitCode(report, detail.outcome, options);
    const isFailed = options.failOnRegression !== undefined && changes && closesGate(changes, options);
    return exitCode === exitCodes.done && isFailed ? exitCodes.requirementNotMet : exitCode;
  } finally {
    interrupts.dispose();
  }
}

/** Just above the conclusion, so that neither is missed. */
function sayOfRegression(changes: Changes, blind: readonly string[]): void {
  if (blind.length > 0) say(`WARNING: that it became slower could not have been told: ${blind.join('; ')}.`);
  say(regressionLine(changes));
}

/** Where what was measured can be had again. */
function whereToLook(url: string, kind: WorkKind, detail: Detail<WorkKind>): string[] {
  const { id } = detail;
  const report = `Report      comparator report ${id}  (--format markdown, --json)`;
  if (kind === 'comparisons')
    return [report, `Everything  comparator show ${id}, ${url}${detail.links.self}`];
  return [
    report,
    `Log         comparator log ${id}`,
    `Everything  comparator show ${id}, ${url}${detail.links.self}/result`,
  ];
}

/** The last line, in one word for a person who reads no more. */
function conclusionLine({ conclusion }: Report): string {
  return conclusion === null ? 'Done; there were no requirements.' : `Requirements: ${conclusion}`;
}

async function cancel(client: ApiClient, kind: WorkKind, id: string): Promise<void> {
  say(`Cancelling ${id} and waiting until what it made is destroyed. Ctrl-C again leaves at once.`);
  try {
    await client.cancel(kind, id);
  } catch (error) {
    // 409: it has just closed by itself.
    if (!(error instanceof ApiError && error.status === 409))
      say(`It could not be cancelled: ${(error as Error).message}`);
  }
}
