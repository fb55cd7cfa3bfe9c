import { Readable } from 'node:stream';
import { expectedOfExperiment } from '../../analysis/plan/expected-time.ts';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import type { Experiments } from '../experiments/experiments.ts';

/** Beyond the queue are those that hold a slot, and those that wait for a person; of the latter there may be many. */
const mostLookedAt = 100;
const asksAtOnce = 10;
/** Scrapers may come as often as they like. */
const looksLastMs = 10_000;
/** Provisioning, restarts of the load and a destroy may each be tried again; beyond all that, something is wrong. */
const allowanceSeconds = 3_600;

/** What experiments beyond the queue come to. */
export interface ActiveFigures {
  /** For how long the one that has waited longest for a person has; 0 where none does. */
  needsOperatorSeconds: number;
  /** How many left the queue longer ago than twice what they were expected to take, and an hour. */
  overdue: number;
  /** By how much the one that is latest is; 0 where none is. */
  overdueSeconds: number;
  /** Messages in the last second, over all loads that run. */
  rates: { intended: number; produced: number; consumed: number };
}

/** Figures of a moment. */
export function activeFigures(details: readonly ExperimentDetail[], now: Date): ActiveFigures {
  const waits = details.flatMap(({ phase, timeline }) => {
    const since = phase === 'needs-operator' ? timeline.at(-1)?.startedAt : undefined;
    return since === undefined ? [] : [secondsSince(since, now)];
  });
  const late = details.map((detail) => secondsLate(detail, now)).filter((seconds) => seconds > 0);
  const sum = (of: (progress: NonNullable<ExperimentDetail['progress']>) => number) =>
    details.reduce((total, { progress }) => total + (progress ? of(progress) : 0), 0);
  return {
    needsOperatorSeconds: Math.max(0, ...waits),
    overdue: late.length,
    overdueSeconds: Math.max(0, ...late),
    rates: {
      intended: sum(({ intendedPerSecond }) => intendedPerSecond),
      produced: sum(({ producedPerSecond }) => producedPerSecond),
      consumed: sum(({ consumedPerSecond }) => consumedPerSecond),
    },
  };
}

/** By how much an experiment is past its time; 0 or less where it is not, or that cannot be told. */
function secondsLate({ spec, timeline, phase }: ExperimentDetail, now: Date): number {
  const left = timeline.find((entry) => entry.phase !== 'queued');
  if (!spec || !left || phase === 'closed' || phase === 'queued') return 0;
  const kept = timeline.find((entry) => entry.phase === 'kept');
  const keptSeconds = kept ? secondsSince(kept.startedAt, kept.endedAt ? new Date(kept.endedAt) : now) : 0;
  return secondsSince(left.startedAt, now) - keptSeconds - 2 * expectedSeconds(spec) - allowanceSeconds;
}

/** What an earlier release has accepted may be of a technology that is there no more. */
function expectedSeconds(spec: NonNullable<ExperimentDetail['spec']>): number {
  try {
    const { keepMinutes: _, ...measured } = spec;
    return expectedOfExperiment(measured).seconds;
  } catch {
    return 0;
  }
}

function secondsSince(instant: string, now: Date): number {
  return Math.max(0, (now.getTime() - Date.parse(instant)) / 1_000);
}

/** What experiments beyond the queue do, by a look that is bounded and kept for a while. */
export class ActiveWork {
  private readonly experiments: Pick<Experiments, 'open' | 'detail'>;
  private readonly now: () => Date;
  private last: { atMs: number; figures: Promise<ActiveFigures | null> } | null = null;

  constructor(experiments: Pick<Experiments, 'open' | 'detail'>, now: () => Date) {
    this.experiments = experiments;
    this.now = now;
  }

  /** null while Temporal or storage does not answer: then nobody knows. */
  figures(): Promise<ActiveFigures | null> {
    const atMs = performance.now();
    if (this.last === null || atMs - this.last.atMs > looksLastMs) {
      this.last = { atMs, figures: this.look().catch(() => null) };
    }
    return this.last.figures;
  }

  private async look(): Promise<ActiveFigures | null> {
    const open = await this.experiments.open();
    if (open === null) return null;
    const ids = open.filter(({ phase }) => phase !== 'queued').map(({ id }) => id);
    const looks = Readable.from(ids.slice(0, mostLookedAt)).map((id: string) => this.experiments.detail(id), {
      concurrency: asksAtOnce,
    });
    const details: (ExperimentDetail | null)[] = await looks.toArray();
    return activeFigures(
      details.filter((detail) => detail !== null),
      this.now(),
    );
  }
}
