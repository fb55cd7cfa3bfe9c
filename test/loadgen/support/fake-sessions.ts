import { randomUUID } from 'node:crypto';
import { Session } from '../../../loadgen/session/session.ts';
import { type Workload, workloadSchema } from '../../../src/contracts/input/workload.ts';
import { assignParticipants, type Participants } from '../../../src/contracts/temporal/participants.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { type FakeEndpoint, type Truth, truthNames } from './fake-driver.ts';

const fakeDriver = new URL('./fake-driver.ts', import.meta.url).href;

/** A load on the fake product. */
export interface FakeLoad {
  endpoint: Partial<FakeEndpoint>;
  workload: Partial<Omit<Workload, 'load'>> & { messagesPerSecond: number };
}

/** The sessions of all load generators on one fake product, and the fake's own account of what it did. */
export interface FakeSessions {
  sessions: { session: Session; participants: Participants }[];
  store: ReturnType<typeof memoryStore>;
  workload: Workload;
  /** Sums over all producers, of all measurements so far. */
  truth(): Truth;
}

/** Makes the sessions of a load's generators, on a fake product of their own. */
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
  const store = memoryStore();
  const fake: FakeEndpoint = {
    channel: randomUUID(),
    partitions: 4,
    seed: 1,
    faults: {},
    consumers: parsed.consumers,
    generators: parsed.generators,
    ...endpoint,
    truth,
  };
  const sessions = assignParticipants(parsed).map((participants) => ({
    participants,
    session: new Session(
      {
        experimentId: 'fake',
        runId: 'run',
        session: 3,
        technology: 'fake',
        settings: {},
        endpoint: fake,
        workload: parsed,
        ...participants,
      },
      fakeDriver,
      { store, log: () => {} },
    ),
  }));
  const sumOf = (index: number) =>
    truth.reduce((sum, memory) => sum + (new Float64Array(memory)[index] ?? 0), 0);
  return {
    sessions,
    store,
    workload: parsed,
    truth: () => Object.fromEntries(truthNames.map((name, index) => [name, sumOf(index)])) as Truth,
  };
}
