import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Capacity, LadderRung } from '../../../contracts/documents/result.ts';
import { formatRate } from '../format.ts';

/** What one variant was seen to carry within its requirements, in messages/s. */
interface Carried {
  index: number;
  /** The highest rate that was sustained, with none that failed at or below it. */
  upTo: number;
  /** The lowest rate at which the product failed; infinite where none did, or only the load generator. */
  failsFrom: number;
}

/** Up to which load which variants are left. */
export interface LoadBand {
  upToMessagesPerSecond: number;
  /** Indexes of columns. */
  columns: number[];
}

/**
 * Where the choice flips with the load: from capacity searches and ladders, the variants that sustained a load within the
 * requirements, and up to where. Two whose limits lie closer together than their searches could tell stay side by side.
 * @returns bands with rising bounds; none where fewer than two columns say anything, or nothing tells them apart
 */
export function loadBands(columns: readonly ReportColumn[]): LoadBand[] {
  const carried = columns.flatMap((column, index) => carriedBy(column, index) ?? []);
  if (carried.length < 2) return [];
  const bounds = [...new Set(carried.map(({ upTo }) => upTo))].sort((a, b) => a - b);
  const bands: LoadBand[] = [];
  for (const bound of bounds) {
    const left = carried.filter(({ failsFrom }) => failsFrom > bound).map(({ index }) => index);
    if (left.length === 0 || bands.at(-1)?.columns.length === left.length) continue;
    bands.push({ upToMessagesPerSecond: bound, columns: left });
  }
  return bands.length < 2 ? [] : bands;
}

/** The bands in one sentence; null without any. */
export function choiceByLoad(columns: readonly ReportColumn[]): string | null {
  const bands = loadBands(columns);
  if (bands.length === 0) return null;
  const words = bands.map((band, place) => {
    const labels = band.columns.flatMap((index) => columns[index]?.label ?? []);
    const who = place > 0 && labels.length === 1 ? `only ${labels[0]}` : andList(labels);
    return `up to ${formatRate(band.upToMessagesPerSecond)} messages/s ${who}`;
  });
  return `By load: ${words.join('; ')}. Beyond that none was seen to sustain it.`;
}

function carriedBy({ emulated, partial, ladder, capacity, loadGenerator }: ReportColumn, index: number) {
  if (emulated || partial) return null;
  return ladder
    ? carriedOnLadder(ladder, loadGenerator?.limited === true, index)
    : capacity && foundBySearch(capacity, index);
}

function carriedOnLadder(ladder: readonly LadderRung[], isLimited: boolean, index: number): Carried | null {
  const failed = ladder
    .filter(({ sustained }) => !sustained)
    .map(({ messagesPerSecond }) => messagesPerSecond);
  const fails = Math.min(...failed);
  const upTo = Math.max(
    0,
    ...ladder.map(({ messagesPerSecond }) => messagesPerSecond).filter((rate) => rate < fails),
  );
  return upTo > 0 ? { index, upTo, failsFrom: isLimited ? Number.POSITIVE_INFINITY : fails } : null;
}

function foundBySearch(
  { sustainableMessagesPerSecond: upTo, probes }: Capacity,
  index: number,
): Carried | null {
  if (!upTo) return null;
  const failed = probes.filter(({ sustained, limited }) => !sustained && limited !== true);
  const fails = Math.min(...failed.map(({ messagesPerSecond }) => messagesPerSecond));
  return { index, upTo, failsFrom: Math.max(fails, upTo * apart) };
}

/** Two searches of the same variant may differ by as much. */
const apart = 1.1;

function andList(labels: readonly string[]): string {
  const last = labels.at(-1) ?? '';
  return labels.length < 2 ? last : `${labels.slice(0, -1).join(', ')} and ${last}`;
}
