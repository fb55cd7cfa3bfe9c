import type { Clients } from '../../src/contracts/documents/load-parts.ts';
import type { RateStep, Workload } from '../../src/contracts/input/workload.ts';
import type { LedgerMemory } from '../measure/ledger.ts';
import type { Interval } from '../measure/recorder.ts';
import type { Usage } from './self-watch.ts';

/** What a thread is told when it starts. */
export interface ThreadData {
  role: 'producer' | 'consumer';
  driverModule: string;
  settings: unknown;
  endpoint: unknown;
  sessionName: string;
  session: number;
  index: number;
  count: number;
  workload: Workload;
}

/** One run of a session: the warm-up, which is run 0, or a measurement. */
export interface RunOrder {
  run: number;
  /** Monotonic. */
  startMicros: number;
  durationSeconds: number;
  /** Rates of all producers together, for `durationSeconds` in all. */
  steps: RateStep[];
  /** One for each producer of the session. */
  ledgers: LedgerMemory[];
  /** Of this thread. */
  counters: SharedArrayBuffer;
  /** How long to wait after the schedule for what is under way. */
  settleTimeoutMs: number;
}

export type ThreadCommand =
  | { type: 'run'; order: RunOrder }
  /** A producer stops sending, gives what is under way this long, and answers `finished`. */
  | { type: 'stop'; run: number; settleTimeoutMs: number }
  /** A consumer hands out its last interval and answers `finished`. */
  | { type: 'finish'; run: number }
  | { type: 'close' };

export const produceSums = [
  'acknowledged',
  'acknowledgedInTime',
  'failed',
  'indeterminate',
  'throttled',
] as const;
export const produceLatencies = ['publish', 'publishScheduled', 'lateness', 'ownLateness'] as const;
export type ProduceInterval = Interval<(typeof produceSums)[number], (typeof produceLatencies)[number]>;

export const consumeSums = ['received', 'receivedInTime', 'duplicated', 'reordered', 'unexpected'] as const;
export const consumeLatencies = ['endToEnd'] as const;
export type ConsumeInterval = Interval<(typeof consumeSums)[number], (typeof consumeLatencies)[number]>;

export type ThreadReport =
  /** Connected; a consumer may still wait for its partitions. */
  | { type: 'opened'; keepsOrder: boolean; clients: Clients }
  | { type: 'assigned'; partitions: number[]; total: number }
  /** A consumer counts this run from now on. */
  | { type: 'begun'; run: number }
  | { type: 'produced'; run: number; interval: ProduceInterval }
  | { type: 'consumed'; run: number; interval: ConsumeInterval }
  | {
      type: 'finished';
      run: number;
      /** Messages due by the end of the schedule, or until it was cut short, and how many of those were handed over. */
      scheduled: number;
      handed: number;
      /** null where the thread had no part in the run. */
      usage: Usage | null;
      /** What the driver last reported as wrong, for explaining a run in which nothing worked. */
      lastProblem: string | null;
    }
  | { type: 'broken'; message: string }
  | { type: 'closed' };
