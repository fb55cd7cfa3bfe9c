import type { ExperimentSummary, Report, ReportColumn } from '../../contracts/documents/api.ts';
import type { Failure } from '../../contracts/documents/progress.ts';
import type { Result } from '../../contracts/documents/result.ts';
import { findTechnology } from '../../technologies/registry.ts';
import { differenceNotes, type Promised } from '../plan/guarantees.ts';
import { conclusionOf, overallVerdict } from '../verdicts.ts';
import { conditionsOf } from './conditions.ts';
import { failureCauseLine } from './failure-cause.ts';
import { formatRate } from './format.ts';
import { refusalNotes } from './refusal-notes.ts';
import { settingNotes, skewNotes } from './setting-notes.ts';

/** One experiment of a report, and what is known of it. */
export interface ReportEntry {
  experiment: Pick<ExperimentSummary, 'id' | 'name' | 'technology' | 'target' | 'emulated' | 'outcome'>;
  /** null where none was written, or none yet. */
  result: Result | null;
  failure: Failure | null;
}

export interface ReportInput {
  /** null for the names of its entries. */
  title: string | null;
  comparisonId: string | null;
  generatedAt: Date;
  /** In the order in which they are shown. */
  entries: ReportEntry[];
}

/** Enough of an id to be told from the few others of a report. */
const labelIdLength = 6;

/** A report of any experiments; what was not measured is null, and what a reader must know is said in the notes. */
export function buildReport({ title, comparisonId, generatedAt, entries }: ReportInput): Report {
  const labels = labelsOf(entries);
  const columns = entries.map((entry, index) => column(entry, labels[index] ?? entry.experiment.name));
  return {
    title: title ?? labels.join(' / '),
    comparisonId,
    generatedAt: generatedAt.toISOString(),
    conclusion: conclusionOf(columns.flatMap(({ verdicts }) => verdicts)),
    columns,
    notes: [
      ...emulationNotes(columns),
      ...differenceNotes(columns.flatMap(promised)),
      ...columns.flatMap((one, index) => {
        const result = entries[index]?.result ?? null;
        return [
          ...columnNotes(one, result),
          ...refusalNotes(one, result),
          ...settingNotes(one, result),
          ...skewNotes(one, result),
        ];
      }),
    ],
  };
}

/** Runs of one file have one name: the ends of their ids tell them apart. */
function labelsOf(entries: readonly ReportEntry[]): string[] {
  return entries.map(({ experiment: { id, name } }) => {
    const others = entries.filter(({ experiment }) => experiment.name === name && experiment.id !== id);
    if (others.length === 0) return name;
    const tail = id.slice(-labelIdLength);
    const isClear = others.every(({ experiment }) => !experiment.id.endsWith(tail));
    return `${name} (${isClear ? `…${tail}` : id})`;
  });
}

function column({ experiment, result, failure }: ReportEntry, label: string): ReportColumn {
  return {
    experimentId: experiment.id,
    name: experiment.name,
    label,
    technology: experiment.technology,
    target: experiment.target,
    emulated: experiment.emulated,
    partial: result?.partial ?? false,
    outcome: experiment.outcome,
    ...conditionsOf(result),
    guarantee: result?.guarantee ?? null,
    measurement: result?.measurement ?? null,
    loadGenerator: result?.loadGenerator ?? null,
    ceiling: result?.ceiling ?? null,
    capacity: result?.capacity ?? null,
    refusals: result?.refusals ?? [],
    verdicts: result?.verdicts ?? [],
    meetsRequirements: overallVerdict(result?.verdicts ?? []),
    failure: failure ?? result?.failure ?? null,
  };
}

function promised({ label: name, guarantee }: ReportColumn): Promised[] {
  return guarantee ? [{ name, guarantee }] : [];
}

function emulationNotes(columns: readonly ReportColumn[]): string[] {
  const names = columns.filter(({ emulated }) => emulated).map(({ label }) => label);
  if (names.length === 0) return [];
  const [are, their] = names.length === 1 ? ['is', 'its'] : ['are', 'their'];
  return [
    `${names.join(', ')} ${are} EMULATED here: ${their} throughput and latency say nothing of the real service, and decide no verdict.`,
  ];
}

function columnNotes(column: ReportColumn, result: Result | null): string[] {
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
