import type { LadderRung } from '../../contracts/documents/result.ts';

/** A latency beyond so many times the least of a ladder is beyond the knee. */
const kneeTimes = 3;

/** The lowest rate of a ladder that was not sustained, infinite without any: what a higher rung says is chance. */
export function lowestFailed(ladder: readonly LadderRung[]): number {
  const failed = ladder.filter(({ sustained }) => !sustained);
  return Math.min(...failed.map(({ messagesPerSecond }) => messagesPerSecond));
}

/**
 * The rung before latency begins to rise steeply: the highest that was sustained with an end-to-end p99 of at most three
 * times the lowest of all, below the first that failed or took longer, and not for the load generator's sake.
 * @returns index; null where no rung was sustained, none has a p99, or none shows that latency begins to rise
 */
export function kneeOf(ladder: readonly LadderRung[]): number | null {
  const most = mostBeforeKnee(ladder);
  const rise = firstRise(ladder, most);
  if (!Number.isFinite(most) || !Number.isFinite(rise)) return null;
  return highestOf(ladder, (rung) => rung.sustained && rung.messagesPerSecond < rise && p99Of(rung) <= most);
}

/** Of a ladder that shows no knee, the index of the highest rung up to which all were sustained; null of any other. */
export function topWithoutKnee(ladder: readonly LadderRung[]): number | null {
  if (kneeOf(ladder) !== null) return null;
  const end = Math.min(lowestFailed(ladder), firstRise(ladder, mostBeforeKnee(ladder)));
  return highestOf(ladder, ({ sustained, messagesPerSecond }) => sustained && messagesPerSecond < end);
}

/** NaN where it is not known, which is neither above nor below anything. */
const p99Of = ({ latency }: LadderRung) => latency?.endToEnd.p99Ms ?? Number.NaN;

/** The longest p99 that is no rise; infinite where no sustained rung has one. */
function mostBeforeKnee(ladder: readonly LadderRung[]): number {
  const p99s = ladder.filter(({ sustained }) => sustained).map(p99Of);
  return kneeTimes * Math.min(...p99s.filter((p99Ms) => !Number.isNaN(p99Ms)));
}

/** The lowest rate at which the product failed or took longer; infinite without any. */
function firstRise(ladder: readonly LadderRung[], most: number): number {
  const rises = ladder.filter((rung) => rung.limited !== true && (!rung.sustained || p99Of(rung) > most));
  return Math.min(...rises.map(({ messagesPerSecond }) => messagesPerSecond));
}

function highestOf(ladder: readonly LadderRung[], isMeant: (rung: LadderRung) => boolean): number | null {
  const meant = ladder.flatMap((rung, index) => (isMeant(rung) ? [{ ...rung, index }] : []));
  return meant.sort((a, b) => b.messagesPerSecond - a.messagesPerSecond)[0]?.index ?? null;
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
