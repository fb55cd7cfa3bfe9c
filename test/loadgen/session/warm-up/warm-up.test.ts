import { afterAll, describe, expect, test } from '@jest/globals';
import { resultDocument } from '../../../../src/analysis/result-document.ts';
import type { LoadPart, OpenSessionOutput } from '../../../../src/contracts/documents/load-parts.ts';
import type { Result } from '../../../../src/contracts/documents/result.ts';
import { experimentSchema } from '../../../../src/contracts/input/experiment.ts';
import { measuredSchedule } from '../../../../src/contracts/input/load/schedule.ts';
import { undisturbed } from '../../../support/load-parts.ts';
import { until } from '../../../support/until.ts';
import { type FakeLoad, type FakeSessions, fakeSessions } from '../../support/fake-sessions.ts';

const opened: FakeSessions[] = [];

afterAll(async () => {
  await Promise.all(
    opened.flatMap(({ sessions }) => sessions.map(({ session }) => session.close({ atOnce: true }))),
  );
});

interface Warmed {
  fakes: FakeSessions;
  told: OpenSessionOutput[];
}

function fakesOf(
  delays: FakeLoad['endpoint']['delays'],
  workload: Partial<FakeLoad['workload']>,
  endpoint: FakeLoad['endpoint'] = {},
): FakeSessions {
  const fakes = fakeSessions({
    // What is under way when it ends is a good deal.
    endpoint: { ...(delays ? { delays } : {}), settleMs: 200, ...endpoint },
    workload: { messagesPerSecond: 500, drainTimeoutSeconds: 5, ...workload },
  });
  opened.push(fakes);
  return fakes;
}

async function warm(...load: Parameters<typeof fakesOf>): Promise<Warmed> {
  const fakes = fakesOf(...load);
  return { fakes, told: await Promise.all(fakes.sessions.map(({ session }) => session.open())) };
}

/** What a measurement after it comes to, as of a product that is not emulated. */
async function measured({ fakes, told }: Warmed): Promise<Result> {
  const { sessions, workload } = fakes;
  const startAtEpochMs = Date.now() + (sessions.length > 1 ? 1_000 : 50);
  const order = { startAtEpochMs, schedule: measuredSchedule(workload), probe: null };
  const sides = sessions.flatMap(({ session, participants }): Promise<{ part: LoadPart }>[] => [
    ...(participants.producers.length > 0 ? [session.produce(order)] : []),
    ...(participants.consumers.length > 0 ? [session.consume(order)] : []),
  ]);
  const parts = (await Promise.all(sides)).map(({ part }) => part);
  const spec = experimentSchema.parse({
    name: 'fake',
    technology: 'kafka',
    workload,
    requirements: [{ metric: 'latency.endToEnd.p50Ms', atMost: 30 }],
  });
  return resultDocument(
    {
      experimentId: 'fake',
      runId: 'run',
      spec,
      ...undisturbed,
      opened: told,
    },
    parts,
  );
}

const least = 1;

describe.each([1, 2])('with %i load generators', (generators) => {
  const clients = { generators, producers: generators, consumers: generators, warmupSeconds: least };

  test.concurrent('a product that gets faster over 3 s is measured after that, and nothing of its warm-up counts', async () => {
    const faster = [
      { atMs: 0, ms: 200 },
      { atMs: 3_000, ms: 20 },
    ];
    const warmed = await warm(faster, { ...clients, maxWarmupSeconds: 40, durationSeconds: 6 });
    for (const { warmup } of warmed.told) {
      expect(warmup).toMatchObject({ level: true, moving: null, reason: null });
      expect(warmup.seconds).toBeGreaterThan(7);
      expect(warmup.seconds).toBeLessThan(40);
      // All that was sent until then, and not what would have been.
      const sent = (500 / generators) * (warmup.seconds ?? 0);
      expect(Math.abs(warmup.acknowledged - sent)).toBeLessThan(100);
    }
    const { measurement, warmup } = await measured(warmed);
    expect(warmup?.seconds).toBe(Math.max(...warmed.told.map((one) => one.warmup.seconds ?? 0)));
    expect(measurement).toMatchObject({
      steady: true,
      steadyReason: null,
      messages: { scheduled: 3_000, acknowledged: 3_000, received: 3_000, duplicated: 0, unexpected: 0 },
    });
  });
});

test.concurrent('one that does not settle is measured when it must be, and the result says so', async () => {
  const slowly = [
    { atMs: 0, ms: 300 },
    { atMs: 20_000, ms: 20 },
  ];
  const warmed = await warm(slowly, { warmupSeconds: least, maxWarmupSeconds: 8 });
  for (const { warmup } of warmed.told)
    expect(warmup).toMatchObject({ seconds: 8, level: false, moving: 'better' });
  const { measurement, verdicts } = await measured(warmed);
  expect(measurement).toMatchObject({
    steady: false,
    // On a busy machine a second of eight may have nothing to compare.
    steadyReason: expect.stringMatching(
      /^latency was still falling: its p50 went from .* ms in [78] s, after 8 s of warm-up$/,
    ),
  });
  expect(verdicts).toMatchObject([{ verdict: 'undecided' }]);
});

test.concurrent('one that becomes slow while it is measured is not steady', async () => {
  const slower = [
    { atMs: 0, ms: 10 },
    { atMs: 3_000, ms: 10 },
    { atMs: 4_500, ms: 80 },
  ];
  const { measurement } = await measured(
    await warm(slower, { warmupSeconds: 0.2, maxWarmupSeconds: 0.2, durationSeconds: 6 }),
  );
  expect(measurement).toMatchObject({
    steady: false,
    steadyReason: expect.stringMatching(
      /^latency was rising: the p50 of the second half is \d+% above the first$/,
    ),
  });
});

test.concurrent('a warm-up that is given one length lasts as long, however the product moves', async () => {
  const { told } = await warm(undefined, { warmupSeconds: 1.5, maxWarmupSeconds: 1.5 });
  expect(told[0]?.warmup).toMatchObject({ seconds: 1.5, acknowledged: 750, level: null });
});

test.concurrent('one that goes on says how long it has, and not how long it might', async () => {
  const { sessions } = fakesOf(undefined, { warmupSeconds: 0.5, maxWarmupSeconds: 40 });
  const [{ session }] = sessions as [FakeSessions['sessions'][number]];
  const opening = session.open();
  // Whoever closes it no longer waits for it.
  opening.catch(() => {});
  const live = await until('a second of warm-up', () => {
    const stats = session.liveStats();
    return stats.secondsElapsed > 1 && stats;
  });
  expect(live.secondsTotal - live.secondsElapsed).toBeLessThan(0.1);
  await session.close({ atOnce: true });
});

test.concurrent('a thread that dies while it goes on is told as ever', async () => {
  const endless = { warmupSeconds: 0.5, maxWarmupSeconds: 40 };
  const { sessions } = fakesOf(undefined, endless, { dieAfter: 500 });
  await expect(sessions[0]?.session.open()).rejects.toMatchObject({
    type: 'thread-broken',
    message: 'consumer 0: the fake consumer died',
  });
});

test.concurrent('a load generator with nothing but consumers leaves it to those that produce', async () => {
  const clients = { producers: 1, consumers: 2, generators: 2 };
  const warmed = await warm(undefined, { ...clients, warmupSeconds: least, maxWarmupSeconds: 40 });
  const [producing, consuming] = warmed.told.map(({ warmup }) => warmup);
  expect(producing).toMatchObject({ level: true });
  expect(producing?.seconds).toBeLessThan(20);
  expect(consuming).toMatchObject({ acknowledged: 0, level: null });
  const { measurement } = await measured(warmed);
  expect(measurement?.messages).toMatchObject({ acknowledged: 500, unexpected: 0 });
});
