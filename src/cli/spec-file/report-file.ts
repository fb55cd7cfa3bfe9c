import { type Report, reportSchema } from '../../contracts/documents/api.ts';
import { parseInput } from '../../contracts/input/problem.ts';
import { readJson } from '../../machine/written/read-json.ts';
import { readText } from '../../machine/written/read-text.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { type LoadedSpec, parseSpec } from './load-file.ts';

/** A report has series and percentiles of each of its runs: one of some hundred is still read. */
const mostMebibytes = 128;

/**
 * A report that was kept as JSON, and what was run for it, checked anew.
 * @throws CliError when it is no report, or one that does not say what was run; FileFaultsError when that is not valid now
 */
export function loadReportFile(path: string): { report: Report; loaded: LoadedSpec } {
  const report = parseReport(readText(path, mostMebibytes), path);
  if (!report.input) {
    throw new CliError(
      `${path} is a report of several experiments, which no one file can run again. Take the report of a comparison, or of one experiment.`,
      exitCodes.wrongUse,
    );
  }
  const document = withItsOwnWarmup(report.input.document);
  return { report, loaded: parseSpec(JSON.stringify(document), path) };
}

/** Before 0.3.0 a warm-up lasted as long as it was asked to; another one would be compared with it. */
function withItsOwnWarmup(document: unknown): unknown {
  const { workload } = (document ?? {}) as {
    workload?: { warmupSeconds?: number; maxWarmupSeconds?: number };
  };
  if (workload?.warmupSeconds === undefined || workload.maxWarmupSeconds !== undefined) return document;
  return {
    ...(document as object),
    workload: { ...workload, maxWarmupSeconds: workload.warmupSeconds },
  };
}

function parseReport(text: string, path: string): Report {
  const parsed = parseInput(reportSchema, readJson(text, path));
  if (parsed.ok) return parsed.value;
  const [fault] = parsed.errors;
  throw new CliError(
    `${path} is no report of this release (${fault?.pointer || 'the whole of it'} ${fault?.detail}). ` +
      'comparator report ID --json prints one.',
    exitCodes.wrongUse,
  );
}
