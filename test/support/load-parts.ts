import * as hdr from 'hdr-histogram-js';
import type { ConsumePart, ProducePart } from '../../src/contracts/documents/load-parts.ts';

/** An encoded histogram of these values, in microseconds. */
export function histogram(...microseconds: number[]): string {
  const built = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const value of microseconds) built.recordValue(value);
  return hdr.encodeIntoCompressedBase64(built);
}

/** An encoded histogram of `count` messages that all took as long. */
export function histogramOf(count: number, microseconds: number): string {
  return mixedHistogram([count, microseconds]);
}

/** An encoded histogram of several such groups. */
export function mixedHistogram(...groups: [count: number, microseconds: number][]): string {
  const built = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const [count, microseconds] of groups) built.recordValueWithCount(microseconds, count);
  return hdr.encodeIntoCompressedBase64(built);
}

export function producePart(part: Partial<ProducePart>): ProducePart {
  return {
    kind: 'produce',
    durationSeconds: 10,
    scheduled: 100,
    unsent: 0,
    acknowledged: 100,
    failed: 0,
    indeterminate: 0,
    throttled: 0,
    refusals: [],
    acknowledgedInTime: 100,
    product: null,
    publish: histogram(1_000),
    publishScheduled: histogram(2_000),
    lateness: histogram(100),
    ownLateness: histogram(100),
    series: [],
    ledgerKey: null,
    threads: [
      { name: 'producer 0', cpuUtilization: 0.2, eventLoopDelayP99Ms: 1, gcUtilization: 0.01 },
      { name: 'process', cpuUtilization: 0.3, eventLoopDelayP99Ms: null, gcUtilization: null },
    ],
    ...part,
  };
}

export function consumePart(part: Partial<ConsumePart>): ConsumePart {
  return {
    kind: 'consume',
    received: 100,
    receivedInTime: 95,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    unexpected: 0,
    perPartition: [],
    endToEnd: histogram(3_000),
    series: [],
    threads: [{ name: 'consumer 0', cpuUtilization: 0.1, eventLoopDelayP99Ms: 1, gcUtilization: 0 }],
    ledgerKey: null,
    ...part,
  };
}

/** What a result is made of beside its experiment and the parts, where it is of no matter. */
export const undisturbed = {
  timeline: [],
  restarts: 0,
  partial: false,
  partKeys: [],
  provisioned: null,
  opened: [],
  capacity: null,
  failure: null,
};
