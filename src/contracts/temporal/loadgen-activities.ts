import type { Product } from '../documents/product.ts';
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

export interface OpenSessionOutput {
  /** Messages of the warm-up that the product acknowledged. */
  warmup: { acknowledged: number };
  environment: {
    host: { cpuModel: string; cpuCount: number; memoryBytes: number; kernel: string };
    node: string;
    product: Product | null;
    clients: { producer: Product; consumer: Product };
  };
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

/** What the producers of one generator measured. */
export interface ProducePart {
  kind: 'produce';
  /** Measured time in seconds; shorter than asked when cut short. */
  durationSeconds: number;
  scheduled: number;
  unsent: number;
  acknowledged: number;
  failed: number;
  indeterminate: number;
  throttled: number;
  /** Acknowledged within the measured time, the base of throughput. */
  acknowledgedInTime: number;
  publish: EncodedHistogram;
  publishScheduled: EncodedHistogram;
  /** Actual less intended send time. */
  lateness: EncodedHistogram;
  /** The part of it that the generator itself is to blame for: not counting waits for room that the product had to make. */
  ownLateness: EncodedHistogram;
  series: ProduceSecond[];
  /** Where its producers' outcomes lie, message by message; null where none are kept. */
  ledgerKey: string | null;
  threads: ThreadUsage[];
}

/** What the consumers of one generator measured. Where there are several, only their ledgers together say what is lost. */
export interface ConsumePart {
  kind: 'consume';
  /** Distinct messages that came to this generator. */
  received: number;
  receivedInTime: number;
  /** Acknowledged, as far as this generator knows, and not received by it. */
  lost: number;
  /** Copies beyond the first that came to this generator. */
  duplicated: number;
  /** First copies, as seen by this generator; null where the technology promises no order. */
  reordered: number | null;
  /** Received, but not made by this session; leftovers of its warm-up and of earlier sessions are left out. */
  unexpected: number;
  endToEnd: EncodedHistogram;
  series: ConsumeSecond[];
  /** Where it lies what arrived, message by message; null where none is kept. */
  ledgerKey: string | null;
  threads: ThreadUsage[];
}

/** HdrHistogram V2 of microseconds, compressed, base64; null when empty. */
export type EncodedHistogram = string | null;

export interface ProduceSecond {
  /** Seconds since the start of the schedule, at the end of the interval. */
  second: number;
  acknowledged: number;
  failed: number;
  publishP50Ms: number | null;
  publishP99Ms: number | null;
  publishScheduledP50Ms: number | null;
  publishScheduledP99Ms: number | null;
}

export interface ConsumeSecond {
  second: number;
  received: number;
  endToEndP50Ms: number | null;
  endToEndP99Ms: number | null;
}

/** What one thread of a load generator used while it measured. */
export interface ThreadUsage {
  /** `producer 0`, `consumer 1`, …; `process` for all threads of the process together. */
  name: string;
  /** 1 is one core. */
  cpuUtilization: number;
  /** Beyond the timer's own interval; null for the process. */
  eventLoopDelayP99Ms: number | null;
  /** Share of the time in which garbage collection stopped the thread; null for the process. */
  gcUtilization: number | null;
}

/**
 * Activities of a load generator, on its own task queue. One attempt each. All heartbeat `LiveStats` once a second;
 * a cancelled `produce` or `consume` returns what it has, marked partial.
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

/**
 * Types of the `ApplicationFailure`s that these activities end with. None is worth retrying on the same session: the
 * phase starts over with a new one.
 */
export const loadFailureTypes = [
  /** The session is not open in this process, e.g. because the process was started anew. */
  'not-open',
  /** The session was opened before, by an earlier attempt. */
  'already-open',
  /** This side of the measurement was run before, by an earlier attempt. */
  'already-measured',
  /** The product cannot be reached, or its consumers were given nothing. */
  'open-failed',
  /** Not one message of the warm-up was acknowledged. */
  'warm-up-failed',
  /** A client broke for good, or its thread died. */
  'thread-broken',
  /** What was measured could not be uploaded. */
  'upload-failed',
  /** Another load generator of the session was not heard of. */
  'peer-missing',
] as const;
export type LoadFailureType = (typeof loadFailureTypes)[number];

/** Those that mean that the process, rather than the product, is at fault: it was started anew, or given up before. */
export const lostSessionTypes: readonly LoadFailureType[] = [
  'not-open',
  'already-open',
  'already-measured',
  'peer-missing',
];
