import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { epochMsToMonotonicMicros } from '../../../../loadgen/measure/clock.ts';
import type { ExchangeStore } from '../../../../loadgen/session/exchange.ts';
import type { MeasureOrder } from '../../../../loadgen/session/measurement.ts';
import { Session } from '../../../../loadgen/session/session.ts';
import { resultDocument } from '../../../../src/analysis/result-document.ts';
import type { ConsumePart, LoadPart, ProducePart } from '../../../../src/contracts/documents/load-parts.ts';
import type { Result } from '../../../../src/contracts/documents/result.ts';
import { experimentSchema } from '../../../../src/contracts/input/experiment.ts';
import { measuredSchedule } from '../../../../src/contracts/input/load/schedule.ts';
import type { Requirement } from '../../../../src/contracts/input/requirement.ts';
import { type Workload, workloadSchema } from '../../../../src/contracts/input/workload.ts';
import { assignParticipants } from '../../../../src/contracts/temporal/participants.ts';
import { undisturbed } from '../../../support/load-parts.ts';
import { memoryStore } from '../../../support/memory-store.ts';
import { type KnownEndpoint, noted } from './product.ts';

const driver = new URL('./driver.ts', import.meta.url).href;

/** Two clocks are read one after the other, and a busy machine may come between. */
const clockReadingMs = 50;

export interface KnownLoad {
  product?: Partial<KnownEndpoint>;
  workload?: Partial<Omit<Workload, 'load'>>;
  messagesPerSecond?: number;
  store?: ExchangeStore;
}

/** A latency in milliseconds: a client is held up between noting a confirmation and having told of it, now and then. */
export interface Between {
  least: number;
  most: number;
}

/** What the product and its clients noted of the measured round, in no order. */
export interface KnownTruth {
  publish: Between[];
  publishScheduled: Between[];
  endToEnd: Between[];
  /** In milliseconds, how long after its intended time each message was sent. */
  lateness: Between[];
  /** In milliseconds, how long before its client saw it the load generator says that it handed each message over. */
  stale: number[];
  /** When messages were confirmed, and when they arrived, in seconds since the start. */
  confirmedAt: number[];
  arrivedAt: number[];
  /** Cores that a held thread used. */
  heldUtilization: number;
}

/** All sessions of a load on a product of which everything is known. */
export class KnownProduct {
  readonly workload: Workload;
  readonly sessions: Session[];
  private readonly endpoint: KnownEndpoint;
  private readonly broker: Worker;
  private readonly rate: number;

  constructor({ product = {}, workload = {}, messagesPerSecond = 1_000, store = memoryStore() }: KnownLoad) {
    this.rate = messagesPerSecond;
    this.workload = workloadSchema.parse({
      load: { shape: 'constant', messagesPerSecond },
      messageSizeBytes: 100,
      warmupSeconds: 0.2,
      durationSeconds: 2,
      drainTimeoutSeconds: 10,
      ...workload,
    });
    const { producers, durationSeconds } = this.workload;
    const perProducer = Math.ceil((messagesPerSecond * durationSeconds) / producers) + 1;
    this.endpoint = {
      channel: randomUUID(),
      publish: { kind: 'constant', ms: 0 },
      deliver: { kind: 'constant', ms: 0 },
      partitions: 4,
      ...product,
      notes: Array.from(
        { length: producers },
        () => new SharedArrayBuffer(perProducer * noted.length * Float64Array.BYTES_PER_ELEMENT),
      ),
      used: new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT),
      anchor: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT),
    };
    this.broker = new Worker(new URL('./broker.ts', import.meta.url), { workerData: this.endpoint });
    this.sessions = assignParticipants(this.workload).map(
      (participants) =>
        new Session(
          {
            experimentId: 'known',
            runId: 'run',
            session: 1,
            technology: 'known',
            settings: {},
            endpoint: this.endpoint,
            workload: this.workload,
            ...participants,
          },
          driver,
          { store, log: () => {} },
        ),
    );
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.broker.once('message', () => resolve()));
    await Promise.all(this.sessions.map((session) => session.open()));
    return this;
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close({ atOnce: true })));
    await this.broker.terminate();
  }

  /** The measurement that the workload asks for, in a moment. */
  order(inMs = 100): MeasureOrder {
    return { startAtEpochMs: Date.now() + inMs, schedule: measuredSchedule(this.workload), probe: null };
  }

  /**
   * Both sides of every load generator.
   * @param toldAfterMs when each generator gets the order; at once where left out
   */
  async measure(order = this.order(), toldAfterMs: readonly number[] = []): Promise<KnownMeasurement> {
    const told = this.sessions.map(async (session, index): Promise<LoadPart[]> => {
      await delay(toldAfterMs[index] ?? 0);
      const sides: Promise<{ part: LoadPart }>[] = [
        ...(session.input.producers.length > 0 ? [session.produce(order)] : []),
        ...(session.input.consumers.length > 0 ? [session.consume(order)] : []),
      ];
      return (await Promise.all(sides)).map(({ part }) => part);
    });
    const parts = (await Promise.all(told)).flat();
    return new KnownMeasurement(parts, this.truth(order, parts), this.workload);
  }

  private truth({ startAtEpochMs }: MeasureOrder, parts: readonly LoadPart[]): KnownTruth {
    const lateMs = Math.max(...parts.map(({ start }) => start?.lateMs ?? 0));
    const [startMicros = 0] = new Float64Array(this.endpoint.anchor);
    const askedMicros = epochMsToMonotonicMicros(startAtEpochMs) + lateMs * 1_000;
    if (Math.abs(startMicros - askedMicros) > clockReadingMs * 1_000) {
      throw new Error(
        `the first message was meant for ${(startMicros - askedMicros) / 1_000} ms off the start`,
      );
    }
    const truth: KnownTruth = {
      publish: [],
      publishScheduled: [],
      endToEnd: [],
      lateness: [],
      stale: [],
      confirmedAt: [],
      arrivedAt: [],
      heldUtilization: 0,
    };
    const { producers } = this.workload;
    this.endpoint.notes.forEach((memory, producer) => {
      const notes = new Float64Array(memory);
      for (let index = 0; index < notes.length; index += noted.length) {
        const [handed = 0, sent = 0, confirmed = 0, settled = 0, arrived = 0] = notes.subarray(
          index,
          index + noted.length,
        );
        if (sent === 0) continue;
        const message = (index / noted.length) * producers + producer;
        const intended = startMicros + (message / this.rate) * 1e6;
        truth.lateness.push(between(intended, handed, sent));
        truth.stale.push((sent - handed) / 1_000);
        if (confirmed > 0) {
          truth.publish.push({
            least: (confirmed - sent) / 1_000,
            most: (settled - handed) / 1_000,
          });
          truth.publishScheduled.push(between(intended, confirmed, settled));
          truth.confirmedAt.push((confirmed - startMicros) / 1e6);
        }
        if (arrived > 0) {
          truth.endToEnd.push(between(intended, arrived));
          truth.arrivedAt.push((arrived - startMicros) / 1e6);
        }
      }
    });
    const [used = 0, elapsed = 0] = new Float64Array(this.endpoint.used);
    truth.heldUtilization = elapsed > 0 ? used / elapsed : 0;
    return truth;
  }
}

function between(fromMicros: number, leastMicros: number, mostMicros = leastMicros): Between {
  return { least: (leastMicros - fromMicros) / 1_000, most: (mostMicros - fromMicros) / 1_000 };
}

/** What all sides measured, and what was so. */
export class KnownMeasurement {
  readonly parts: readonly LoadPart[];
  readonly truth: KnownTruth;
  private readonly workload: Workload;

  constructor(parts: readonly LoadPart[], truth: KnownTruth, workload: Workload) {
    this.parts = parts;
    this.truth = truth;
    this.workload = workload;
  }

  get produced(): ProducePart[] {
    return this.parts.filter((part) => part.kind === 'produce');
  }

  get consumed(): ConsumePart[] {
    return this.parts.filter((part) => part.kind === 'consume');
  }

  /** The result that is made of it, as of a technology that is not emulated. */
  result(requirements: readonly Requirement[] = []): Result {
    return resultDocument(
      {
        experimentId: 'known',
        runId: 'run',
        spec: {
          ...experimentSchema.parse({ name: 'known', technology: 'kafka', workload: this.workload }),
          requirements: [...requirements],
        },
        ...undisturbed,
      },
      this.parts,
    );
  }
}
