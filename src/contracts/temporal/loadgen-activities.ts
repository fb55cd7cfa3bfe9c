import type { LoadFailureType } from '../documents/failure-codes.ts';
import type { OpenSessionOutput } from '../documents/load-parts.ts';
import type { RateStep, Workload } from '../input/workload.ts';

/** Names one session of one load generator process; the number recognises leftovers of earlier attempts. */
export interface SessionRef {
  experimentId: string;
  runId: string;
  /** Positive; never used twice within an experiment. */
  session: number;
  /** Number of the load generator process, from 0. */
  generator: number;
}

export interface OpenSessionInput extends SessionRef {
  technology: string;
  /** Complete settings, by the technology's schema. */
  settings: Record<string, unknown>;
  /** By the technology's endpoint schema. */
  endpoint: unknown;
  workload: Workload;
  /** Which of the workload's producers and consumers this process runs, each numbered from 0. */
  producers: number[];
  consumers: number[];
}

export interface MeasureInput extends SessionRef {
  /** Wall-clock time at which the schedule begins. */
  startAtEpochMs: number;
  schedule: RateStep[];
  /** Number of the probe that this is, from 1; null for the measurement itself. */
  probe: number | null;
}

/** What `produce` and `consume` return: the bulk lies in S3 under `partKey`. */
export interface LoadPartRef {
  partKey: string;
  /** Whether it was cut short by a cancellation. */
  partial: boolean;
}

/**
 * Activities of a load generator, on its own task queue. One attempt each. All heartbeat `LiveStats` once a second;
 * a cancelled `produce` or `consume` returns what it has, marked partial. What they fail with is in `loadFailureTypes`.
 */
export interface LoadGeneratorActivities {
  /** Connects, consumes and produces the warm-up load, and returns once the clients are warm. */
  openSession(input: OpenSessionInput): Promise<OpenSessionOutput>;
  /** Runs this generator's producers through the schedule; returns when every send is settled or given up. */
  produce(input: MeasureInput): Promise<LoadPartRef>;
  /** Counts from the start of the schedule until everything acknowledged has arrived, or the drain times out. */
  consume(input: MeasureInput): Promise<LoadPartRef>;
  /** Closes the clients; does nothing for a session that is not open. */
  closeSession(input: SessionRef): Promise<void>;
}

/** Failures that mean that the process, rather than the product, is at fault: it was started anew, or given up before. */
export const lostSessionTypes: readonly LoadFailureType[] = [
  'not-open',
  'already-open',
  'already-measured',
  'peer-missing',
  'started-late',
  'undrained',
];
