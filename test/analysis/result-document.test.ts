import { expect, test } from '@jest/globals';
import * as hdr from 'hdr-histogram-js';
import { resultDocument, timeseriesLines } from '../../src/analysis/result-document.ts';
import type { AssembleResultInput } from '../../src/contracts/control.ts';
import { experimentSchema } from '../../src/contracts/experiment.ts';
import type { ConsumePart, ProducePart } from '../../src/contracts/loadgen.ts';
import { resultSchema } from '../../src/contracts/result.ts';

function histogram(...microseconds: number[]): string {
  const built = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const value of microseconds) built.recordValue(value);
  return hdr.encodeIntoCompressedBase64(built);
}

const producePart = (part: Partial<ProducePart>): ProducePart => ({
  kind: 'produce',
  durationSeconds: 10,
  scheduled: 100,
  unsent: 0,
  acknowledged: 100,
  failed: 0,
  indeterminate: 0,
  throttled: 0,
  acknowledgedInTime: 100,
  publish: histogram(1_000),
  publishScheduled: histogram(2_000),
  lateness: histogram(100),
  series: [],
  generator: { cpuUtilization: 0.2, eventLoopDelayP99Ms: 1 },
  ...part,
});

const consumePart = (part: Partial<ConsumePart>): ConsumePart => ({
  kind: 'consume',
  received: 100,
  receivedInTime: 95,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  unexpected: 0,
  endToEnd: histogram(3_000),
  series: [],
  drained: true,
  ...part,
});

const input: AssembleResultInput & { runId: string } = {
  experimentId: 'exp-1',
  runId: 'run-1',
  spec: experimentSchema.parse({
    name: 'x',
    technology: 'kinesis',
    settings: { shards: 1 },
    workload: { messageSizeBytes: 1_000, load: { shape: 'constant', messagesPerSecond: 10 } },
  }),
  timeline: [],
  restarts: 0,
  partial: false,
  partKeys: [],
  provisioned: null,
  opened: [],
  failure: null,
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
    p50Ms: 1,
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

test('the series has one line a second with both ends', () => {
  const lines = timeseriesLines([
    producePart({
      series: [{ second: 1, acknowledged: 10, failed: 1, publishP50Ms: 1, publishP99Ms: 2 }],
    }),
    consumePart({ series: [{ second: 1, received: 9, endToEndP50Ms: 3, endToEndP99Ms: null }] }),
  ]);
  expect(lines).toBe(
    '{"second":1,"acknowledged":10,"failed":1,"received":9,"publishP50Ms":1,"publishP99Ms":2,"endToEndP50Ms":3,"endToEndP99Ms":null}\n',
  );
});
