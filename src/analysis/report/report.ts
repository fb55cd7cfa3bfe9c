import type { Report, ReportColumn } from '../../contracts/documents/api.ts';
import { partitionNotes } from '../plan/guarantees.ts';
import { differencesOf, type MeasuredRun, mainMetrics } from '../repetitions/differences.ts';
import { conclusionOf } from '../verdicts.ts';
import { choiceByLoad } from './answer/choice-by-load.ts';
import { recommendationOf } from './answer/recommendation.ts';
import { columnOf, type ReportEntry, variantsOf } from './columns.ts';
import { withOthersSettings } from './conditions/settings.ts';
import { costNotes } from './cost/cost-notes.ts';
import { caveatsOf } from './notes/caveats.ts';
import { chanceNotes } from './notes/chance-notes.ts';
import { columnNotes } from './notes/column-notes.ts';
import { speedCaveats } from './notes/machine-speed.ts';
import { namesInWords } from './notes/names-in-words.ts';

export interface ReportInput {
  /** null for the names of its entries. */
  title: string | null;
  comparisonId: string | null;
  /** What to run again for the same; null where there is no one document. */
  input?: Report['input'];
  generatedAt: Date;
  /** In the order in which they are shown; the runs of a variant become one column, where the first of them is. */
  entries: ReportEntry[];
}

/** A report of any experiments; what was not measured is null, and what a reader must know is said in the notes. */
export function buildReport({
  title,
  comparisonId,
  input = null,
  generatedAt,
  entries,
}: ReportInput): Report {
  const variants = variantsOf(entries);
  const metrics = metricsOf(entries);
  const columns = withOthersSettings(
    variants.map((variant) => columnOf(variant, metrics)),
    variants.map(({ runs }) => runs.find(({ result }) => result)?.result ?? null),
  );
  const isRepeated = columns.some(({ runs }) => runs.length > 1);
  const differences = isRepeated
    ? differencesOf(
        variants.map(({ runs }) => measuredRuns(runs)),
        metrics,
      )
    : [];
  return {
    title: title ?? columns.map(({ label }) => label).join(' / '),
    comparisonId,
    generatedAt: generatedAt.toISOString(),
    conclusion: conclusionOfAll(columns),
    caveats: [...caveatsOf(columns), ...speedCaveats(columns)],
    recommendation: recommendationOf(columns, differences),
    choiceByLoad: choiceByLoad(columns),
    columns,
    differences,
    input,
    notes: [
      ...emulationNotes(columns),
      ...existingNotes(columns),
      ...partitionNotes(columns.map(({ label, technology }) => ({ name: label, technology }))),
      ...variants.flatMap((variant, index) => columnNotes(columns[index] as ReportColumn, variant)),
      ...costNotes(columns),
      ...chanceNotes(differences),
    ],
  };
}

/** What the columns come to together; one of which nothing is known leaves it open. */
function conclusionOfAll(columns: readonly ReportColumn[]): Report['conclusion'] {
  const conclusion = conclusionOf(columns.flatMap(({ verdicts }) => verdicts));
  const isOpen = columns.some(({ verdicts, measurement }) => verdicts.length === 0 && measurement === null);
  return conclusion === 'met' && isOpen ? 'undecided' : conclusion;
}

/** What is told of each run: the main metrics, and those that requirements bound and that differ from run to run. */
function metricsOf(entries: readonly ReportEntry[]): string[] {
  const required = entries.flatMap(({ result }) => (result?.verdicts ?? []).map(({ metric }) => metric));
  return [...new Set([...mainMetrics, ...required.filter((metric) => !metric.startsWith('messages.'))])];
}

/** Those that were not cut short, whose speed is of another time. */
function measuredRuns(runs: readonly ReportEntry[]): MeasuredRun[] {
  return runs.flatMap(({ result, run }) =>
    result?.measurement && !result.partial
      ? [{ repetition: run?.repetition ?? 1, measurement: result.measurement }]
      : [],
  );
}

function existingNotes(columns: readonly ReportColumn[]): string[] {
  const names = columns.filter(({ target }) => target === 'existing').map(({ label }) => label);
  if (names.length === 0) return [];
  return [
    `${namesInWords(names)}: measured in a cluster of your own. What it used is not seen, nor its version; other load on it, and the network to it, are in the numbers.`,
  ];
}

function emulationNotes(columns: readonly ReportColumn[]): string[] {
  const names = columns.filter(({ emulated }) => emulated).map(({ label }) => label);
  if (names.length === 0) return [];
  const [are, their] = names.length === 1 ? ['is', 'its'] : ['are', 'their'];
  return [
    `${namesInWords(names)} ${are} EMULATED here: ${their} throughput and latency say nothing of the real service, and decide no verdict.`,
  ];
}
