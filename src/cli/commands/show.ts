import type { Command } from 'commander';
import { failureCauseLine } from '../../analysis/report/failure-cause.ts';
import {
  formatCount,
  formatDuration,
  formatMs,
  formatNumber,
  formatRate,
} from '../../analysis/report/format.ts';
import { harmless } from '../../analysis/report/harmless-text.ts';
import { conclusions } from '../../analysis/report/report-tables.ts';
import type { ComparisonDetail, ExperimentDetail, ReportColumn } from '../../contracts/documents/api.ts';
import type { Measurement } from '../../contracts/documents/metrics.ts';
import type { ApiClient, Found } from '../api/api-client.ts';
import { clientAction } from '../api/client-action.ts';
import { comparisonLines, experimentLines } from '../progress/progress-lines.ts';
import { print, printJson } from '../say.ts';

/** `comparator show ID`: everything known of an experiment or comparison. */
export function registerShow(program: Command): void {
  program
    .command('show')
    .description('show an experiment or comparison')
    .argument('<id>')
    .option('--json', 'print JSON')
    .action(
      clientAction(async (client, id: string, { json }: { json?: boolean }) => {
        const found = await client.find(id);
        if (json) printJson(found.detail);
        else print((await shownLines(client, found)).map(harmless).join('\n'));
      }),
    );
}

/** Everything known of it, a line each. */
export async function shownLines(client: Pick<ApiClient, 'report'>, found: Found): Promise<string[]> {
  const lines = found.kind === 'experiments' ? showExperiment(found.detail) : showComparison(found.detail);
  return [...lines, ...(await measuredLines(client, found))];
}

/** Of what is closed: what it measured, and where more of it is. */
async function measuredLines(client: Pick<ApiClient, 'report'>, { kind, detail }: Found): Promise<string[]> {
  if (detail.outcome === null) return [];
  const report = await client.report(kind, detail.id);
  const more = kind === 'experiments' ? ['log', 'report'] : ['report'];
  return [
    ...conclusions(report).map((line) => `  ${line}`),
    ...(kind === 'comparisons' ? report.columns.flatMap(causeLines) : []),
    ...report.columns.flatMap(({ label, measurement }) =>
      measurement ? [`  ${kind === 'comparisons' ? `${label}: ` : ''}${mainNumbers(measurement)}`] : [],
    ),
    ...report.notes.map((note) => `  ${note}`),
    `More: ${more.map((command) => `comparator ${command} ${detail.id}`).join(', ')}`,
  ];
}

/** What a variant's failure comes from, which its code does not tell. */
function causeLines({ label, failure }: ReportColumn): string[] {
  if (!failure) return [];
  const cause = failureCauseLine(failure);
  return [`  ${label}: ${failure.message}${cause ? ` – ${cause}` : ''}`];
}

/** Rates, latency and losses in one line. */
function mainNumbers({ throughput, latency, messages }: Measurement): string {
  return [
    `consumed ${formatRate(throughput.consumed.messagesPerSecond)}/s`,
    `end to end p50 ${formatMs(latency.endToEnd.p50Ms)} ms, p99 ${formatMs(latency.endToEnd.p99Ms)} ms`,
    `acknowledged ${formatCount(messages.acknowledged)} of ${formatCount(messages.scheduled)}`,
    `lost ${formatCount(messages.lost)}`,
  ].join('; ');
}

/** Who asked for it, and for its end, where keys have names. */
function byLines({ submittedBy, cancelRequestedBy }: ExperimentDetail | ComparisonDetail): string[] {
  return [
    ...(submittedBy ? [`  submitted by ${submittedBy}`] : []),
    ...(cancelRequestedBy ? [`  cancelled by ${cancelRequestedBy}`] : []),
  ];
}

function showExperiment(detail: ExperimentDetail): string[] {
  const now = new Date();
  const timeline = detail.timeline.map(({ phase, startedAt, endedAt }) => {
    const lasted =
      phase === 'closed'
        ? ''
        : formatDuration(Date.parse(endedAt ?? now.toISOString()) - Date.parse(startedAt));
    return `  ${startedAt}  ${phase.padEnd(14)}  ${lasted}`.trimEnd();
  });
  return [
    ...experimentLines(detail, now),
    `  ${detail.technology} on ${detail.target}`,
    ...byLines(detail),
    ...(detail.comparisonId ? [`  variant of comparison ${detail.comparisonId}`] : []),
    ...timeline,
    ...detail.probes.map(
      ({ messagesPerSecond, seconds, reason }) =>
        `  ${formatRate(messagesPerSecond)} messages/s for ${formatNumber(seconds)} s: ${reason}`,
    ),
    ...(detail.operator
      ? ['What you can do:', ...detail.operator.actions.map((action) => `  - ${action}`)]
      : []),
    ...(detail.links.temporal ? [`In Temporal: ${detail.links.temporal}`] : []),
  ];
}

function showComparison(detail: ComparisonDetail): string[] {
  const ids = detail.variants.map(({ name, experimentId }) => `  ${experimentId}  ${name}`);
  return [
    ...comparisonLines(detail, new Date()),
    ...byLines(detail),
    ...ids,
    ...(detail.links.temporal ? [`In Temporal: ${detail.links.temporal}`] : []),
  ];
}
