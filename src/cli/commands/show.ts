import type { Command } from 'commander';
import { formatCount, formatDuration, formatNumber } from '../../analysis/format.ts';
import { harmless } from '../../analysis/harmless-text.ts';
import type { ComparisonDetail, ExperimentDetail } from '../../contracts/documents/api.ts';
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
        else {
          const lines =
            found.kind === 'experiments' ? showExperiment(found.detail) : showComparison(found.detail);
          print(lines.map(harmless).join('\n'));
        }
      }),
    );
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
    ...(detail.comparisonId ? [`  variant of comparison ${detail.comparisonId}`] : []),
    ...timeline,
    ...detail.probes.map(
      ({ messagesPerSecond, seconds, reason }) =>
        `  ${formatCount(messagesPerSecond)} messages/s for ${formatNumber(seconds)} s: ${reason}`,
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
    ...ids,
    ...(detail.links.temporal ? [`In Temporal: ${detail.links.temporal}`] : []),
  ];
}
