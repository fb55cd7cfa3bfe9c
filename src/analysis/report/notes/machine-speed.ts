import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Calibration } from '../../../contracts/documents/load-parts.ts';
import { formatNumber } from '../format.ts';

/** Calibrations of one idle or busy machine differ by a few percent; a machine that is slower by this is not the same. */
const notedPercent = 15;

/** What of a calibration is a speed, each by how machines come to differ in it. */
const speeds: { what: string; of: (calibration: Calibration) => number }[] = [
  {
    what: 'in computing',
    of: ({ loopMillionsPerSecond, hashMegabytesPerSecond }) =>
      Math.sqrt(loopMillionsPerSecond * hashMegabytesPerSecond),
  },
  { what: 'in copying memory', of: ({ copyMegabytesPerSecond }) => copyMegabytesPerSecond },
];

/**
 * A sentence for each speed in which the machine was not the same for all runs, by what was measured before each load:
 * machines of one name differ, and one machine from hour to hour.
 */
export function speedCaveats(columns: readonly ReportColumn[]): string[] {
  const runs = columns.flatMap(({ label, runs: own }) =>
    own.flatMap(({ calibration, repetition }) =>
      calibration ? [{ calibration, name: own.length > 1 ? `${label} (run ${repetition})` : label }] : [],
    ),
  );
  return speeds.flatMap(({ what, of }) => {
    const ranked = runs.map(({ calibration, name }) => ({ name, speed: of(calibration) }));
    const fastest = ranked.reduce((a, b) => (b.speed > a.speed ? b : a), { name: '', speed: 0 });
    const slower = ranked.flatMap(({ name, speed }) => {
      const percent = 100 * (1 - speed / fastest.speed);
      return percent > notedPercent ? [`${formatNumber(percent)}% slower when ${name} was measured`] : [];
    });
    if (slower.length === 0) return [];
    return [
      `The machine was not as fast ${what} for all, and the numbers may differ for that alone: it was ${slower.join(', ')}, than when ${fastest.name} was.`,
    ];
  });
}
