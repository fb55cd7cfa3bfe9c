import type { Report, ReportColumn } from '../../../contracts/documents/api.ts';
import { aspectsOfChange } from '../../report/notes/caveats.ts';
import { speedCaveats } from '../../report/notes/machine-speed.ts';
import { namesInWords } from '../../report/notes/names-in-words.ts';
import { variantsOfBoth } from './changes.ts';

interface Pair {
  then: ReportColumn;
  now: ReportColumn;
}

/** Why an earlier and a later report cannot simply be set side by side, a sentence each; empty where they can. */
export function changeCaveats(before: Report, after: Report): string[] {
  const pairs = variantsOfBoth(before, after);
  const measured = pairs.filter(({ then, now }) => then.measurement !== null && now.measurement !== null);
  const named = ({ label, ...column }: ReportColumn, when: string) => ({
    ...column,
    label: `${label}, ${when}`,
  });
  return [
    ...aspectsOfChange.flatMap(({ of, means }) => {
      const told = differing(measured, of);
      return told.length > 0 ? [`${means} ${told.join('; ')}.`] : [];
    }),
    ...speedCaveats(measured.flatMap(({ then, now }) => [named(then, 'then'), named(now, 'now')])),
    ...inOneOnly(before, after),
  ];
}

/** What was one thing then and is another now, said once of all variants of which it is so. */
function differing(pairs: readonly Pair[], of: (column: ReportColumn) => string | null): string[] {
  const changed = pairs.filter(({ then, now }) => of(then) !== of(now));
  const told = Map.groupBy(
    changed,
    ({ then, now }) => `${of(then) ?? 'not known'} then, ${of(now) ?? 'not known'} now`,
  );
  return [...told].map(([words, alike]) => `${namesInWords(alike.map(({ now }) => now.label))}: ${words}`);
}

function inOneOnly(before: Report, after: Report): string[] {
  const others = (report: Report, other: Report) =>
    report.columns.flatMap(({ name, label }) =>
      other.columns.some((column) => column.name === name) ? [] : [label],
    );
  const [gone, added] = [others(before, after), others(after, before)];
  const told = (labels: readonly string[], which: string) =>
    labels.length > 0 ? [`Only the ${which} report has ${namesInWords(labels)}: nothing is compared.`] : [];
  return [...told(gone, 'earlier'), ...told(added, 'later')];
}
