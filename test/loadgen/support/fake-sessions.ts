import { randomUUID } from 'node:crypto';
import { Session } from '../../../loadgen/session/session.ts';
import { type Workload, workloadSchema } from '../../../src/contracts/experiment.ts';
import { type FakeEndpoint, type Truth, truthNames } from './fake-driver.ts';

const fakeDriver = new URL('./fake-driver.ts', import.meta.url).href;

/** A load on the fake product. */
export interface FakeLoad {
  endpoint: Partial<FakeEndpoint>;
  workload: Partial<Omit<Workload, 'load'>> & { messagesPerSecond: number };
}

/** A session on the fake product, and the fake's own account of what it did. */
export interface FakeSessions {
  session: Session;
  /** Sums over all producers, of all measurements so far. */
  truth(): Truth;
}

/** Makes a session on a fake product of its own. */
export function fakeSessions({ endpoint, workload }: FakeLoad): FakeSessions {
  const { messagesPerSecond, ...rest } = workload;
  const parsed = workloadSchema.parse({
    load: { shape: 'constant', messagesPerSecond },
    messageSizeBytes: 100,
    warmupSeconds: 0.2,
    durationSeconds: 1,
    drainTimeoutSeconds: 1,
    ...rest,
  });
  const truth = Array.from({ length: parsed.producers }, () => new SharedArrayBuffer(truthNames.length * 8));
  const session = new Session(
    {
      experimentId: 'fake',
      runId: 'run',
      session: 3,
      generator: 0,
      technology: 'fake',
      settings: {},
      endpoint: {
        channel: randomUUID(),
        partitions: 4,
        seed: 1,
        faults: {},
        consumers: parsed.consumers,
        ...endpoint,
        truth,
      } satisfies FakeEndpoint,
      workload: parsed,
      producers: Array.from({ length: parsed.producers }, (_, index) => index),
      consumers: Array.from({ length: parsed.consumers }, (_, index) => index),
    },
    fakeDriver,
  );
  const sumOf = (index: number) =>
    truth.reduce((sum, memory) => sum + (new Float64Array(memory)[index] ?? 0), 0);
  return {
    session,
    truth: () => Object.fromEntries(truthNames.map((name, index) => [name, sumOf(index)])) as Truth,
  };
}
