import type { Clients, Refusal } from '../../src/contracts/documents/load-parts.ts';
import type { RateStep, Workload } from '../../src/contracts/input/workload.ts';
import type { LedgerMemory } from '../measure/ledger.ts';
import type { Interval } from '../measure/recorder.ts';
import type { Usage } from '../usage/self-watch.ts';

/** What a thread is told when it starts. */
export interface ThreadData {
  /** `codeVersion` as its process started. */
  code: string;
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

/** One round of a session, for one thread. */
export interface RoundOrder {
  round: number;
  /** When it is meant to begin, monotonic; `start` says when it does. */
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
  /** Prepares a round, and answers `begun`: a consumer counts it from now on, a producer waits for `start`. */
  | { type: 'run'; order: RoundOrder }
  /** The schedule begins at this time, monotonic. */
  | { type: 'start'; round: number; startMicros: number }
  /** A producer stops sending, gives what is under way this long, and answers `finished`. */
  | { type: 'stop'; round: number; settleTimeoutMs: number }
  /** A consumer hands out its last interval and answers `finished`. */
  | { type: 'finish'; round: number }
  /** A consumer has the product deleted what it holds, and answers `emptied`, also where that failed. */
  | { type: 'empty' }
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

export const consumeSums = [
  'received',
  'receivedInTime',
  /** Microseconds that the second still had when each message came. */
  'microsLeft',
  'duplicated',
  'reordered',
  'unexpected',
  /** Arrived before they were to be sent, or were to be sent before the round began: two clocks differ. */
  'impossible',
] as const;
export const consumeLatencies = ['endToEnd'] as const;
export type ConsumeInterval = Interval<(typeof consumeSums)[number], (typeof consumeLatencies)[number]>;

export type ThreadReport =
  /** Connected; a consumer may still wait for its partitions. */
  | { type: 'opened'; keepsOrder: boolean; clients: Clients }
  | { type: 'assigned'; partitions: number[]; total: number }
  /** Ready for the round. */
  | { type: 'begun'; round: number }
  | { type: 'produced'; round: number; interval: ProduceInterval }
  | { type: 'consumed'; round: number; interval: ConsumeInterval }
  | {
      type: 'finished';
      round: number;
      /** Messages due by the end of the schedule, or until it was cut short, and how many of those were handed over. */
      scheduled: number;
      handed: number;
      /** Why messages of a producer were not acknowledged. */
      refusals: Refusal[];
      /** First copies that came to a consumer, by the partition's number. */
      perPartition: number[];
      /** null where the round never began for the thread. */
      usage: Usage | null;
      /** What the driver last reported as wrong, for explaining a round in which nothing worked. */
      lastProblem: string | null;
    }
  | { type: 'emptied' }
  | { type: 'broken'; message: string }
  | { type: 'closed' };
