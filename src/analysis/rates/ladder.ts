import type { LadderRung } from '../../contracts/documents/result.ts';

/** A latency beyond so many times the least of a ladder is beyond the knee. */
const kneeTimes = 3;

/**
 * The rung before latency begins to rise steeply: the highest that was sustained with an end-to-end p99 of at most three
 * times the lowest of all, where a higher one failed or took longer, and not for the load generator's sake.
 * @returns index; null where no rung was sustained, none has a p99, or none shows that latency begins to rise
 */
export function kneeOf(ladder: readonly LadderRung[]): number | null {
  const p99s = ladder.flatMap(({ latency, sustained }) => (sustained ? (latency?.endToEnd.p99Ms ?? []) : []));
  if (p99s.length === 0) return null;
  const most = kneeTimes * Math.min(...p99s);
  const below = ladder.flatMap(({ latency, sustained, messagesPerSecond }, index) => {
    const p99Ms = latency?.endToEnd.p99Ms ?? null;
    return sustained && p99Ms !== null && p99Ms <= most ? [{ index, messagesPerSecond }] : [];
  });
  const [best] = below.sort((a, b) => b.messagesPerSecond - a.messagesPerSecond);
  const isRise = ({ messagesPerSecond, sustained, limited, latency }: LadderRung) =>
    best !== undefined &&
    messagesPerSecond > best.messagesPerSecond &&
    limited !== true &&
    (!sustained || (latency?.endToEnd.p99Ms ?? 0) > most);
  return best && ladder.some(isRise) ? best.index : null;
}

/** Of a ladder that shows no knee, the index of the highest rung that was sustained; null of any other. */
export function topWithoutKnee(ladder: readonly LadderRung[]): number | null {
  if (kneeOf(ladder) !== null) return null;
  const sustained = ladder.flatMap((rung, index) => (rung.sustained ? [{ ...rung, index }] : []));
  return sustained.sort((a, b) => b.messagesPerSecond - a.messagesPerSecond)[0]?.index ?? null;
}

/**
 * The ladder of several runs: a rung was sustained where it was in most of those that came to it. Its figures are those of
 * a run that says so; of ladders by shares, whose rates differ from run to run, it is the first run's.
 */
export function ladderOfRuns(ladders: readonly (LadderRung[] | null)[]): LadderRung[] | null {
  const told = ladders.flatMap((ladder) => (ladder ? [ladder] : []));
  const [first] = told;
  if (!first) return null;
  const longest = told.reduce((most, ladder) => (ladder.length > most.length ? ladder : most), first);
  return longest.map((rung, place) => {
    const alike = told.flatMap((ladder) => ladder[place] ?? []);
    if (alike.some(({ messagesPerSecond }) => messagesPerSecond !== rung.messagesPerSecond)) {
      return first[place] ?? rung;
    }
    const sustained = alike.filter((one) => one.sustained).length;
    const isSustained = sustained > alike.length / 2;
    const typical = alike.find((one) => one.sustained === isSustained) ?? rung;
    return isSustained || alike.length === 1
      ? typical
      : { ...typical, reason: `${typical.reason} (in ${alike.length - sustained} of ${alike.length} runs)` };
  });
}
