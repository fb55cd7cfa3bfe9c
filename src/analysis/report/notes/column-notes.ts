import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Result } from '../../../contracts/documents/result.ts';
import { findTechnology } from '../../../technologies/registry.ts';
import { foundNone } from '../../rates/capacity.ts';
import { type ReportVariant, singleColumn } from '../columns.ts';
import { failureCauseLine } from '../failure-cause.ts';
import { formatNumber, formatRate } from '../format.ts';
import { refusalNotes } from './refusal-notes.ts';
import { settingNotes, skewNotes } from './setting-notes.ts';

/** What a reader must know of one column; what several of its runs have in common is said once, with how many have it. */
export function columnNotes(column: ReportColumn, { label, runs }: ReportVariant): string[] {
  const [first] = runs;
  const result = runs.find((run) => run.result !== null)?.result ?? null;
  if (runs.length <= 1) {
    return [
      ...runNotes(column, first?.result ?? null),
      ...refusalNotes(column, result),
      ...settingNotes(column, result),
      ...skewNotes(column, result),
    ];
  }
  const told = new Map<string, { note: string; count: number }>();
  for (const run of runs) {
    const one = singleColumn(run, label);
    const notes = [
      ...runNotes(one, run.result),
      ...refusalNotes(one, run.result),
      ...skewNotes(one, run.result),
    ];
    for (const note of notes) {
      const kind = note.replace(/[\d.,]+/g, '').slice(0, label.length + kindLength);
      told.set(kind, { note: told.get(kind)?.note ?? note, count: (told.get(kind)?.count ?? 0) + 1 });
    }
  }
  const ofRuns = [...told.values()].map(({ note, count }) =>
    count === runs.length ? note : `${note} (In ${count} of ${runs.length} runs.)`,
  );
  const none = foundNone(runs.flatMap((run) => run.result ?? []));
  return [...ofRuns, ...(none ? [`${label}: ${none}.`] : []), ...settingNotes(column, result)];
}

/** Characters after the label by which two notes are of one kind, whatever their numbers. */
const kindLength = 24;

function runNotes(column: ReportColumn, result: Result | null): string[] {
  const { label: name, outcome, ceiling, loadGenerator, failure, measurement } = column;
  const notes: string[] = [];
  if (outcome === null) notes.push(`${name} has not finished.`);
  if (failure) {
    const cause = failureCauseLine(failure);
    notes.push(`${name} failed while ${failure.phase}: ${failure.message}${cause ? ` – ${cause}` : ''}`);
  } else if (outcome === 'cancelled') notes.push(`${name} was cancelled.`);
  if (column.partial) notes.push(`${name}'s measurement was cut short: its speed decides no verdict.`);
  if (loadGenerator?.limited) {
    const advice = result && findTechnology(result.technology)?.whenLimited?.(result.spec.settings);
    notes.push(
      `${name} was limited by the load generator (${loadGenerator.evidence.join('; ') || 'no evidence given'}): the product may well do better.${advice ? ` To find out: ${advice}.` : ''}`,
    );
  }
  if (measurement?.steady === false) {
    notes.push(`${name} was not steady while it was measured: ${measurement.steadyReason}.`);
  }
  const lateStart = loadGenerator && lateStartOf(loadGenerator);
  if (lateStart) notes.push(`${name} ${lateStart}`);
  if (result?.disturbances?.length) {
    notes.push(`${name} was disturbed while it was measured: ${result.disturbances.join('; ')}.`);
  }
  if (ceiling?.exceeded) {
    const measured = measurement?.throughput.produced.messagesPerSecond ?? 0;
    const went = measured > ceiling.messagesPerSecond ? 'went' : 'was asked to go';
    notes.push(
      `${name} ${went} beyond the real product's published ceiling of ${formatRate(ceiling.messagesPerSecond)} messages/s (${ceiling.source}).`,
    );
  }
  return notes;
}

/** A start that was put off by less is nothing to tell. */
const notedLateMs = 1_000;

function lateStartOf({ startLateMs, undrainedBefore }: NonNullable<Result['loadGenerator']>): string | null {
  if (startLateMs == null || startLateMs < notedLateMs) return null;
  const why = undrainedBefore
    ? `until ${formatNumber(undrainedBefore)} messages of the round before had arrived or stopped arriving`
    : 'until every participant was ready';
  return `began ${formatNumber(startLateMs / 1_000, 1)} s late, ${why}; no latency counts that.`;
}
