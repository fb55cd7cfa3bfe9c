import { expect, test } from '@jest/globals';
import { resultDocument } from '../../src/analysis/result-document.ts';
import { timeseriesLines } from '../../src/analysis/timeseries.ts';
import { secondSchema } from '../../src/contracts/documents/metrics.ts';
import { resultSchema } from '../../src/contracts/documents/result.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import type { AssembleResultInput } from '../../src/contracts/temporal/control-activities.ts';
import type { PriceList } from '../../src/technologies/prices.ts';
import { listPrices } from '../../src/technologies/registry.ts';
import { consumePart, histogram, producePart, undisturbed } from '../support/load-parts.ts';

const input: AssembleResultInput & { runId: string } = {
  experimentId: 'exp-1',
  runId: 'run-1',
  spec: experimentSchema.parse({
    name: 'x',
    technology: 'kinesis',
    settings: { shards: 1 },
    workload: { messageSizeBytes: 1_000, load: { shape: 'constant', messagesPerSecond: 10 } },
  }),
  ...undisturbed,
};

test('parts of several generators are added up and their histograms merged', () => {
  const document = resultDocument(input, [
    producePart({ publish: histogram(1_000, 1_000, 1_000) }),
    producePart({
      scheduled: 60,
      unsent: 10,
      acknowledged: 47,
      failed: 2,
      indeterminate: 1,
      publish: histogram(9_000),
    }),
    consumePart({}),
    consumePart({ received: 40, receivedInTime: 40, lost: 7 }),
  ]);
  expect(resultSchema.parse(document)).toEqual(document);
  expect(document.measurement?.messages).toMatchObject({
    scheduled: 160,
    unsent: 10,
    sent: 150,
    acknowledged: 147,
    failed: 2,
    indeterminate: 1,
    received: 140,
    lost: 7,
  });
  expect(document.measurement?.latency.publish).toMatchObject({
    count: 4,
    // Fewer than ten of them lie beyond it.
    p50Ms: null,
    maxMs: expect.closeTo(9, 1),
  });
  expect(document.measurement?.throughput).toEqual({
    produced: { messagesPerSecond: 20, bytesPerSecond: 20_000 },
    consumed: { messagesPerSecond: 13.5, bytesPerSecond: 13_500 },
  });
});

test('what was not measured is null, never 0', () => {
  const document = resultDocument(input, [producePart({})]);
  expect(document.measurement).toBeNull();
  expect(document.loadGenerator).toBeNull();
  expect(document.warmup).toBeNull();
  expect(document.environment.host).toBeNull();
});

test('a product that acknowledged nothing was not measured, and its own words say why', () => {
  const refusals = [{ reason: 'MESSAGE_TOO_LARGE', outcome: 'failed' as const, messages: 100 }];
  const parts = [producePart({ acknowledged: 0, failed: 100, refusals }), consumePart({ received: 0 })];
  const document = resultDocument(input, parts);
  expect(document.refusals).toEqual(refusals);
  expect(document.failure).toEqual({
    code: 'nothing-acknowledged',
    phase: 'measuring',
    message: 'nothing could be measured: all 100 messages failed: MESSAGE_TOO_LARGE (100)',
    diagnostics: [],
  });
  expect(resultDocument({ ...input, partial: true }, parts).failure).toBeNull();
  const some = [producePart({ acknowledged: 1, failed: 99, refusals }), consumePart({})];
  expect(resultDocument(input, some).failure).toBeNull();
  expect(
    resultDocument(input, [producePart({ scheduled: 0, acknowledged: 0 }), consumePart({})]),
  ).toMatchObject({ failure: null });
});

test('a search in which no rate got anything through has failed, for the last reason', () => {
  const probe = {
    messagesPerSecond: 1_000,
    seconds: 2,
    sustained: false,
    hold: false,
    reason: '100% of the messages were refused: INVALID_RECORD (2,000)',
    producedMessagesPerSecond: 0,
    consumedMessagesPerSecond: 0,
    backlogGrowthPerSecond: null,
    endToEndP99Ms: null,
    limited: false,
  };
  const failureAfter = (...probes: (typeof probe)[]) =>
    resultDocument({ ...input, capacity: { sustainableMessagesPerSecond: null, probes } }, []).failure;
  expect(failureAfter(probe, probe)).toMatchObject({
    code: 'nothing-acknowledged',
    message: 'nothing could be measured: 100% of the messages were refused: INVALID_RECORD (2,000)',
  });
  expect(failureAfter(probe, { ...probe, producedMessagesPerSecond: 900 })).toBeNull();
  expect(failureAfter()).toBeNull();
});

test('what arrived is counted by partition, over all generators', () => {
  const counts = [consumePart({ perPartition: [1, 2] }), consumePart({ perPartition: [10, 0, 5] })];
  const document = resultDocument(input, [producePart({}), ...counts]);
  expect(document.measurement?.perPartition).toEqual([11, 2, 5]);
  const spec = { ...input.spec, settings: { ...input.spec.settings, shards: 5 } };
  const silent = resultDocument({ ...input, spec }, [producePart({}), ...counts]);
  expect(silent.measurement?.perPartition).toEqual([11, 2, 5, 0, 0]);
  const uncounted = resultDocument(input, [producePart({}), consumePart({})]);
  expect(uncounted.measurement?.perPartition).toBeNull();
});

test('an empty histogram gives no latency', () => {
  const document = resultDocument(input, [
    producePart({ acknowledged: 0, publish: null, publishScheduled: null }),
    consumePart({ endToEnd: null }),
  ]);
  expect(document.measurement?.latency.endToEnd).toEqual({
    count: 0,
    meanMs: null,
    p50Ms: null,
    p90Ms: null,
    p95Ms: null,
    p99Ms: null,
    p999Ms: null,
    p9999Ms: null,
    maxMs: null,
    histogram: null,
  });
});

test('a rate beyond the published quota is flagged, measured or asked for', () => {
  const flagged = (acknowledgedInTime: number, messagesPerSecond = 10) => {
    const workload = { ...input.spec.workload, load: { shape: 'constant' as const, messagesPerSecond } };
    const parts = [producePart({ acknowledgedInTime }), consumePart({})];
    return resultDocument({ ...input, spec: { ...input.spec, workload } }, parts).ceiling;
  };
  expect(flagged(10_000)).toMatchObject({ messagesPerSecond: 1_000, exceeded: false });
  expect(flagged(10_001)).toMatchObject({ messagesPerSecond: 1_000, exceeded: true });
  expect(flagged(10_000, 1_000)).toMatchObject({ exceeded: false });
  expect(flagged(10_000, 1_001)).toMatchObject({ exceeded: true });
});

test('the series has one line a second with both ends, also where nothing happened', () => {
  const seconds = timeseriesLines([
    producePart({
      series: [
        {
          second: 1,
          acknowledged: 10,
          failed: 1,
          publishP50Ms: 1,
          publishP99Ms: 2,
          publishScheduledP50Ms: 3,
          publishScheduledP99Ms: 4,
        },
      ],
    }),
    consumePart({
      series: [
        { second: 1, received: 7, secondsLeft: null, endToEndP50Ms: 5, endToEndP99Ms: 6 },
        { second: 3, received: 3, secondsLeft: null, endToEndP50Ms: 7, endToEndP99Ms: null },
      ],
    }),
  ])
    .trimEnd()
    .split('\n')
    .map((line) => secondSchema.parse(JSON.parse(line)));
  expect(seconds).toMatchObject([
    {
      second: 1,
      produced: 10,
      failed: 1,
      consumed: 7,
      backlog: 3,
      publishScheduledP99Ms: 4,
      endToEndP50Ms: 5,
    },
    { second: 2, produced: 0, consumed: 0, backlog: 3, publishP50Ms: null },
    { second: 3, produced: 0, consumed: 3, backlog: 0, endToEndP50Ms: 7, endToEndP99Ms: null },
  ]);
});

test('messages that arrive before they are acknowledged do not shift the backlog for good', () => {
  const latencies = { publishP50Ms: 1, publishP99Ms: 1, publishScheduledP50Ms: 1, publishScheduledP99Ms: 1 };
  const acknowledged = [1_000, 1_000, 200, 1_800, 1_000, 1_000];
  const lines = timeseriesLines([
    producePart({
      series: acknowledged.map((one, index) => ({
        second: index + 1,
        acknowledged: one,
        failed: 0,
        ...latencies,
      })),
    }),
    consumePart({
      series: acknowledged.map((_, index) => ({
        second: index + 1,
        received: 1_000,
        secondsLeft: null,
        endToEndP50Ms: 1,
        endToEndP99Ms: 1,
      })),
    }),
  ]);
  const backlogs = lines
    .trimEnd()
    .split('\n')
    .map((line) => secondSchema.parse(JSON.parse(line)).backlog);
  expect(backlogs).toEqual([0, 0, 0, 0, 0, 0]);
});

test('what it costs follows, by the prices of whoever assembles it', () => {
  const parts = [producePart({}), consumePart({})];
  const own = {
    ...listPrices,
    kinesis: {
      ...(listPrices.kinesis as PriceList),
      items: { ...listPrices.kinesis?.items, shardHour: { usd: 7, unit: 'shard-hour' } },
    },
  };
  // 10 messages/s are 0.036 million payload units an hour.
  expect(resultDocument(input, parts).cost?.usdPerHour).toBeCloseTo(0.015 + 0.036 * 0.014, 9);
  expect(resultDocument(input, parts, null, own).cost?.usdPerHour).toBeCloseTo(7 + 0.036 * 0.014, 9);
});

test('of a machine beside a cluster of the user’s nothing is said of what the cluster could have', () => {
  const host = { cpuCount: 2, cpuUtilization: 0.98, stealUtilization: 0 };
  const used = { name: 'process', cpuUtilization: 1.2, eventLoopDelayP99Ms: 1, gcUtilization: 0 };
  const parts = [producePart({ host, threads: [used] }), consumePart({})];
  const evidence = (technology: string, target: string, settings: object) => {
    const spec = experimentSchema.parse({ ...input.spec, technology, target, settings });
    return resultDocument({ ...input, spec }, parts).loadGenerator?.evidence;
  };
  expect(evidence('kafka', 'local', {})).toEqual([expect.stringContaining('the product could not have')]);
  expect(evidence('kafka', 'existing', { cluster: 'mine' })).toEqual([
    expect.stringMatching(/^the load generator's machine was 98% busy, .* used 1.2$/),
  ]);
});

test.each([0.2, 10, 1_234.5])(
  'a product that carries %d messages/s meets a least rate of as much',
  (rate) => {
    const scheduled = Math.ceil(rate * 10);
    const spec = experimentSchema.parse({
      ...input.spec,
      technology: 'nats',
      settings: {},
      workload: { load: { shape: 'constant', messagesPerSecond: rate }, durationSeconds: 10 },
      requirements: [
        { metric: 'throughput.produced.messagesPerSecond', atLeast: rate },
        { metric: 'throughput.consumed.messagesPerSecond', atLeast: rate },
      ],
    });
    const parts = [
      producePart({ durationSeconds: 10, scheduled, acknowledged: scheduled, acknowledgedInTime: scheduled }),
      consumePart({ received: scheduled, receivedInTime: scheduled }),
    ];
    const { verdicts } = resultDocument({ ...input, spec }, parts);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['met', 'met']);
  },
);
