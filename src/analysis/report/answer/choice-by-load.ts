import type { ReportColumn } from '../../../contracts/documents/api.ts';
import { isDisputed } from '../../rates/capacity.ts';
import { lowestFailed } from '../../rates/ladder.ts';
import { formatRate } from '../format.ts';
import { namesInWords } from '../notes/names-in-words.ts';

/** What one variant was seen to carry within its requirements, in messages/s. */
interface Carried {
  index: number;
  /** The highest rate that was sustained, with none that failed at or below it; 0 for none. */
  upTo: number;
  /** Whether the product itself failed beyond; if not, only the load generator did, or nothing beyond was tried. */
  isLimit: boolean;
}

/** Up to which load which variants were seen to carry it. */
export interface LoadBand {
  upToMessagesPerSecond: number;
  /** Indexes of columns. */
  columns: number[];
}

/** Two searches of the same variant may differ by as much. */
const apart = 1.1;

/**
 * Where the choice flips with the load: from capacity searches and ladders, the variants that sustained a load within
 * their requirements, and up to where. Limits that lie closer together than two searches of one variant are one.
 * @returns bands with rising bounds; none unless one variant failed where another did not
 */
export function loadBands(columns: readonly ReportColumn[]): LoadBand[] {
  const carried = columns
    .flatMap((column, index) => carriedBy(column, index) ?? [])
    .sort((a, b) => a.upTo - b.upTo);
  const groups: Carried[][] = [];
  for (const one of carried) {
    const lowest = groups.at(-1)?.[0];
    if (lowest && one.upTo < lowest.upTo * apart) groups.at(-1)?.push(one);
    else groups.push([one]);
  }
  if (!groups.slice(0, -1).some((group) => group.some(({ isLimit }) => isLimit))) return [];
  return groups.flatMap(([lowest], place) => {
    const left = groups.slice(place).flat();
    const bound = lowest?.upTo ?? 0;
    return bound > 0
      ? [
          {
            upToMessagesPerSecond: bound,
            columns: left.map(({ index }) => index).sort((a, b) => a - b),
          },
        ]
      : [];
  });
}

/** The bands in words; null without any. */
export function choiceByLoad(columns: readonly ReportColumn[]): string | null {
  const bands = loadBands(columns);
  const top = bands.at(-1)?.upToMessagesPerSecond;
  if (top === undefined) return null;
  const words = bands.map((band) => {
    const labels = band.columns.flatMap((index) => columns[index]?.label ?? []);
    const who = labels.length === 1 ? `only ${labels[0]}` : namesInWords(labels);
    return `up to ${formatRate(band.upToMessagesPerSecond)} messages/s ${who}`;
  });
  const open = columns.flatMap((column, index) => {
    const carried = carriedBy(column, index);
    if (!carried || carried.isLimit) return [];
    return [`${column.label} beyond ${formatRate(carried.upTo)} messages/s`];
  });
  const unknown = open.length > 0 ? ` Not known is ${open.join(' and ')}: nothing shows its own limit.` : '';
  const silent = columns.flatMap((column) => {
    const why = whyUnknown(column);
    return why === null ? [] : [`${column.label} (${why})`];
  });
  const left = silent.length > 0 ? ` Nothing is said of ${namesInWords(silent)}.` : '';
  return `By load, within the requirements: ${words.join('; ')}.${unknown}${left}`;
}

/** Why nothing is known of what a column carries; null where something is. */
function whyUnknown({ emulated, partial, ladder, capacity, measurement }: ReportColumn): string | null {
  if (emulated) return 'emulated';
  if (partial) return 'cut short';
  if (capacity && isDisputed(capacity)) return 'some runs found a rate, and others none';
  if (ladder || capacity) return null;
  return measurement === null ? 'not measured' : 'tried no rates';
}

/** null for a column of which nothing is known. */
function carriedBy(column: ReportColumn, index: number): Carried | null {
  const { ladder, capacity } = column;
  const tried = [...(ladder ?? []), ...(capacity?.probes ?? [])];
  if (whyUnknown(column) !== null || tried.length === 0) return null;
  const failed = tried.filter(({ sustained }) => !sustained);
  const lowest = lowestFailed(ladder ?? []);
  const rungs = (ladder ?? []).filter((rung) => rung.sustained).map((rung) => rung.messagesPerSecond);
  // A rung holds longer than a search's probes: where it fails below what was found, that was too much.
  const upTo = Math.max(
    0,
    ...[...rungs, capacity?.sustainableMessagesPerSecond ?? 0].filter((rate) => rate < lowest),
  );
  const beyond = failed.filter(({ messagesPerSecond }) => messagesPerSecond > upTo);
  return { index, upTo, isLimit: beyond.some(({ limited }) => limited !== true) };
}
