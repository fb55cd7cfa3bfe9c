import type { Level, LoadPart, OpenSessionOutput } from '../../contracts/documents/load-parts.ts';
import type { Measurement } from '../../contracts/documents/metrics.ts';
import type { Load } from '../../contracts/input/workload.ts';
import { usualDelaySeconds } from '../arrivals.ts';
import { formatNumber } from '../report/format.ts';
import { medianOf } from '../statistics/median.ts';
import { secondsOf } from '../timeseries.ts';
import { type ArrivedSecond, halvesOf } from './halves.ts';
import { notTold } from './level.ts';

/** As a measurement tells it, and which way it was moving where it was not steady. */
export type Steadiness = Pick<Measurement, 'steady' | 'steadyReason'> & Pick<Level, 'moving'>;

/**
 * Whether a measurement is of a steady state: its warm-up became level, and its halves are alike. Steps are not meant to
 * be; and a warm-up says nothing of another rate, at which a search or a ladder ends.
 * @param warmups of all load generators
 */
export function steadinessOf(
  shape: Load['shape'],
  durationSeconds: number,
  parts: readonly LoadPart[],
  warmups: readonly OpenSessionOutput['warmup'][],
): Steadiness {
  if (shape === 'steps') return steadinessFrom(notTold);
  const halves = halvesOf(arrivedSeconds(durationSeconds, parts));
  const cold = shape === 'constant' ? warmups.find((warmup) => warmup.level === false) : undefined;
  if (halves.level === false || !cold) return steadinessFrom(halves);
  const after = cold.seconds === null ? 'warm-up' : `${formatNumber(cold.seconds)} s of warm-up`;
  return steadinessFrom({ ...cold, reason: `${cold.reason}, after ${after}` });
}

function steadinessFrom({ level: steady, reason, moving }: Level): Steadiness {
  return { steady, steadyReason: reason, moving };
}

/** The full seconds of the schedule in which messages can have come, and in the first of them for all of it. */
function arrivedSeconds(durationSeconds: number, parts: readonly LoadPart[]): ArrivedSecond[] {
  const usualSeconds = usualDelaySeconds(parts, 'consumed');
  const whole = Math.floor(usualSeconds);
  const all = secondsOf(parts);
  const seconds = Array.from({ length: Math.floor(durationSeconds) }, (_, index): ArrivedSecond => {
    const { consumed = 0, endToEndP50Ms: p50Ms = null } = all[index] ?? {};
    return { consumed, p50Ms };
  }).slice(whole);
  const [first, ...others] = seconds;
  if (!first || others.length === 0) return seconds;
  // What would have come before the first message could: on a slow product a good part of half a short measurement.
  const perSecond = medianOf(others.map(({ consumed }) => consumed));
  return [{ ...first, consumed: first.consumed + (usualSeconds - whole) * perSecond }, ...others];
}
