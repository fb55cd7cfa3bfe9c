import { setCurrentDetails } from '@temporalio/workflow';
import type { Phase } from '../../src/contracts/documents/progress.ts';
import { searchOf } from '../../src/contracts/input/load/schedule.ts';
import { plain } from '../../src/contracts/temporal/in-words.ts';
import { runQueueId } from '../../src/contracts/temporal/names.ts';
import { phaseOf, type State } from './state.ts';

/** Has Temporal's Web UI show, on the workflow's page, what is going on. It is no command, and no part of a history. */
export function showDetails(state: State): void {
  setCurrentDetails(detailsOf(state));
}

/** Markdown: the phase, since when, what it waits for, and what came of it so far. */
export function detailsOf(state: State): string {
  const phase = phaseOf(state);
  const since = state.timeline.at(-1)?.startedAt ?? state.submittedAt;
  const { uploaded, failure, stop } = state;
  return [
    `**${phase}** since ${inUtc(Date.parse(since))}. ${sentences[phase](state)}`.trim(),
    ...(stop ? [`A cancel was asked for${stop.reason ? `: ${plain(stop.reason)}` : ''}.`] : []),
    ...(failure ? [`Failed while ${failure.phase} (\`${failure.code}\`): ${plain(failure.message)}`] : []),
    ...(state.restarts > 0 ? [`Started over ${state.restarts} times, since a load generator was lost.`] : []),
    ...(uploaded?.verdicts ?? []).map((verdict) => `- ${plain(verdict)}`),
    ...(uploaded?.resultKey
      ? [
          ...(uploaded.page ? [`[The result](${uploaded.page}), as a page.`] : []),
          `Result: \`npx comparator report ${state.id}\`, in S3 \`${uploaded.resultKey}\``,
        ]
      : []),
  ].join('\n\n');
}

const sentences: Record<Phase, (state: State) => string> = {
  queued: ({ ref }) =>
    ref
      ? `Waits for its turn on ${ref.spec.target}; the query \`queue\` of \`${runQueueId(ref.spec.target)}\` tells who is before it.`
      : 'Its input is looked at.',
  provisioning: () => 'Terraform makes its infrastructure; its progress stands under Pending Activities.',
  'warming-up': () => 'The load generators connect and warm up.',
  measuring: ({ probes, ref }) =>
    ref && searchOf(ref.spec.workload.load)
      ? `Searches for the highest rate; ${probes.length} rates were tried. The rates of the last second stand under Pending Activities.`
      : 'The rates of the last second stand under Pending Activities.',
  draining: () => 'Everything was sent; the consumers get what is still under way.',
  uploading: () => 'The result is stored.',
  kept: ({ kept }) =>
    kept
      ? `Kept until ${inUtc(kept.untilEpochMs)}, to look inside; then it is destroyed. *Send an Update* → \`extend\` with \`{"minutes": 30}\` keeps it for longer, until ${inUtc(kept.latestEpochMs)} at most; the signal \`cancel\` destroys it now.`
      : '',
  destroying: () => 'Everything that it made is destroyed.',
  'needs-operator': ({ operator }) =>
    operator
      ? [
          `It could not be destroyed, ${operator.attempts} times: ${plain(operator.reason)}`,
          ...operator.actions.map((action) => `- ${plain(action)}`),
          `*Send an Update* → \`retryDestroy\` tries again at once; by itself at ${operator.nextRetryAt ?? 'the next start'}.`,
        ].join('\n\n')
      : '',
  closed: ({ outcome }) => `Outcome: ${outcome ?? 'unknown'}. Nothing of it is left alive.`,
};

function inUtc(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
