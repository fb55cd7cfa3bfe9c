import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Calibration } from '../../../contracts/documents/load-parts.ts';
import { medianOfRuns } from '../../statistics/run-median.ts';
import { formatNumber } from '../format.ts';

const computing = ({ loopMillionsPerSecond, hashMegabytesPerSecond }: Calibration) =>
  Math.sqrt(loopMillionsPerSecond * hashMegabytesPerSecond);

/** How fast the machine computed in the runs of a column, in a unit of its own; null where that was not tried. */
export function computingSpeedOf({ runs }: ReportColumn): number | null {
  const speeds = runs.flatMap(({ calibration }) => (calibration ? [computing(calibration)] : []));
  return medianOfRuns(speeds)?.median ?? null;
}

/**
 * What of a calibration is a speed, and by how much it must be slower for the machine not to be the same: of 15
 * calibrations of an idle virtual machine the slowest was 1% slower in computing, and 30% in copying, which it shares with
 * its neighbours.
 */
const speeds: { what: string; notedPercent: number; of: (calibration: Calibration) => number }[] = [
  { what: 'in computing', notedPercent: 15, of: computing },
  {
    what: 'in copying memory',
    notedPercent: 50,
    of: ({ copyMegabytesPerSecond }) => copyMegabytesPerSecond,
  },
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
  return speeds.flatMap(({ what, notedPercent, of }) => {
    const ranked = runs.map(({ calibration, name }) => ({ name, speed: of(calibration) }));
    const fastest = ranked.reduce((a, b) => (b.speed > a.speed ? b : a), { name: '', speed: 0 });
    const slower = ranked.flatMap(({ name, speed }) => {
      const percent = 100 * (1 - speed / fastest.speed);
      return percent > notedPercent ? [`${formatNumber(percent)}% slower when ${name} was measured`] : [];
    });
    if (slower.length === 0) return [];
    return [
      `The machine was not as fast ${what} for all, and the numbers may differ for that alone: it was ${slower.join(' and ')} than when ${fastest.name} was.`,
    ];
  });
}
