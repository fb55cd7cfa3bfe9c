import type { Change } from '../../analysis/repetitions/changes/change.ts';
import { changeCaveats } from '../../analysis/repetitions/changes/change-caveats.ts';
import { changesBetween } from '../../analysis/repetitions/changes/changes.ts';
import { formatTimes } from '../../analysis/report/difference-table.ts';
import { counted, formatMetric, formatNumber } from '../../analysis/report/format.ts';
import type { TextTable } from '../../analysis/report/text-table.ts';
import { mostFalseAlarms } from '../../analysis/statistics/two-samples.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { renderTextTable } from '../table.ts';

/** What has changed since an earlier report, and whether that is a regression. */
export interface Changes {
  /** Why the two cannot simply be set side by side, a sentence each. */
  changeCaveats: string[];
  changes: Change[];
  /** Those that were told from chance, and are worse by at least as many percent as were allowed. */
  regressions: Change[];
}

/** @param failPercent from how much on a change is a regression; null for any that is told */
export function changesSince(before: Report, after: Report, failPercent: number | null): Changes {
  const changes = changesBetween(before, after);
  const regressions = changes.filter(
    ({ finding, worsePercent }) =>
      finding === 'worse' && (worsePercent === null || worsePercent >= (failPercent ?? 0)),
  );
  return { changeCaveats: changeCaveats(before, after), changes, regressions };
}

/** Whether a gate on regressions is to close: where nothing may be left open, also for what could not be told. */
export function closesGate(
  { changes, regressions }: Changes,
  { failOnUndecided = false }: { failOnUndecided?: boolean },
): boolean {
  return regressions.length > 0 || (failOnUndecided && changes.some(({ finding }) => finding === 'unknown'));
}

/** What changed, for a terminal: on top why it may not be the product's doing. */
export function renderChanges(changes: Changes): string {
  const chance = expectedByChance(changes.changes);
  return [
    ...changes.changeCaveats.map((caveat) => `! ${caveat}`),
    renderTextTable(changesTable(changes)),
    ...(chance ? [`! ${chance}`] : []),
  ].join('\n');
}

function changesTable({ changes }: Changes): TextTable {
  return {
    title: 'Changes since the earlier report (the middle of the runs; of messages their number)',
    head: ['Variant', 'Metric', 'then', 'now', 'times', 'interval', 'told from chance'],
    numeric: [false, false, true, true, true, true, false],
    rows: changes.map((change) => [
      change.label,
      change.metric.slice(change.metric.indexOf('.') + 1),
      valueText(change.metric, change.before),
      valueText(change.metric, change.after),
      change.ratio ? timesText(change.ratio.estimate) : '–',
      intervalText(change),
      findingText(change),
    ]),
  };
}

function valueText(metric: string, value: number | null): string {
  return value === null ? '–' : formatMetric(metric, value);
}

function timesText(ratio: number | null): string {
  return ratio === null ? 'beyond measure' : formatTimes(ratio);
}

/** Of too few runs there is none. */
function intervalText({ ratio, finding }: Change): string {
  if (!ratio || finding === 'unknown') return '–';
  return `${timesText(ratio.low)} to ${timesText(ratio.high)}`;
}

function findingText({ finding, reason }: Change): string {
  const word = { worse: 'WORSE', better: 'better', none: 'no', unknown: 'not told' }[finding];
  return reason === null ? word : `${word} (${reason})`;
}

/** How many changes chance makes by itself where nothing changed; null where it can make none. */
function expectedByChance(changes: readonly Change[]): string | null {
  const told = changes.filter(({ finding, ratio }) => finding !== 'unknown' && ratio !== null);
  if (told.length < 2) return null;
  return `Of ${counted(told.length, 'comparison')} up to ${formatNumber(told.length * mostFalseAlarms, 1)} are expected to be told by chance alone (each in at most ${formatNumber(mostFalseAlarms * 100, 1)}%).`;
}

/** In one line whether it has become worse, and what of it could not be told. */
export function regressionLine({ changeCaveats, changes, regressions }: Changes): string {
  const open = changes.filter(({ finding }) => finding === 'unknown');
  const mind =
    changeCaveats.length > 0
      ? ` More than the product may have changed: ${counted(changeCaveats.length, 'caveat')}.`
      : '';
  const left = mind + (open.length > 0 ? ` Not told: ${openInWords(open)}.` : '');
  if (regressions.length === 0) return `Regression: none was told.${left}`;
  return `Regression: ${regressions.map(regressionInWords).join('; ')}.${left}`;
}

/** What could not be told, by its reason. */
function openInWords(open: readonly Change[]): string {
  const by = Map.groupBy(open, ({ label, reason }) => `${label}: ${reason}`);
  return [...by].map(([why, alike]) => `${counted(alike.length, 'metric')} of ${why}`).join('; ');
}

function regressionInWords({ label, metric, before, after, ratio, worsePercent, reason }: Change): string {
  const values = `${valueText(metric, before)} then, ${valueText(metric, after)} now`;
  const by = worsePercent === null ? reason : `${formatNumber(worsePercent, 1)}% worse`;
  const interval =
    ratio && worsePercent !== null ? `, ${timesText(ratio.low)} to ${timesText(ratio.high)}` : '';
  return `${label} ${metric} ${values} (${by}${interval})`;
}
