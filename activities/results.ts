import { Context } from '@temporalio/activity';
import type { LoadPart } from '../src/analysis/measurement.ts';
import { judgeProbe } from '../src/analysis/probes.ts';
import { resultDocument } from '../src/analysis/result-document.ts';
import { timeseriesLines } from '../src/analysis/timeseries.ts';
import type { ControlActivities } from '../src/contracts/control.ts';
import { type Result, resultSchema } from '../src/contracts/result.ts';
import { s3Keys } from '../src/contracts/s3-keys.ts';
import type { ObjectStore } from '../src/storage/object-store.ts';
import { currentRunId } from './context.ts';

const heartbeatMs = 2_000;

/** The activities that turn what was measured into verdicts and the result document. */
export function createResultActivities({
  store,
}: {
  store: ObjectStore;
}): Pick<ControlActivities, 'assembleResult' | 'judgeProbe'> {
  return {
    assembleResult: withHeartbeats(async (input) => {
      const runId = currentRunId();
      const parts = await readParts(store, input.partKeys);
      const document = resultSchema.parse(resultDocument({ ...input, runId }, parts));
      const resultKey = s3Keys.result(input.experimentId, runId);
      const series = timeseriesLines(parts);
      if (series) {
        await store.put(s3Keys.timeseries(input.experimentId, runId), series, 'application/x-ndjson');
      }
      // A retry after a lost answer finds the document there already, and leaves it.
      await store.putJsonIfAbsent(resultKey, document);
      return { resultKey, summary: summaryOf(document) };
    }),

    judgeProbe: withHeartbeats(async ({ partKeys, spec, ...asked }) =>
      judgeProbe(asked, await readParts(store, partKeys), spec),
    ),
  };
}

/** Storage may be slow; that its worker was killed must be known sooner. */
function withHeartbeats<Input, Output>(
  activity: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const timer = setInterval(() => context.heartbeat(), heartbeatMs);
    try {
      return await activity(input);
    } finally {
      clearInterval(timer);
    }
  };
}

function readParts(store: ObjectStore, keys: string[]): Promise<LoadPart[]> {
  return Promise.all(keys.map((key) => readPart(store, key)));
}

async function readPart(store: ObjectStore, key: string): Promise<LoadPart> {
  const part = await store.getJson(key);
  if (part === null) throw new Error(`the load generator's part ${key} is not in bucket ${store.bucket}`);
  return part as LoadPart;
}

function summaryOf({ measurement }: Result) {
  return (
    measurement && {
      messagesPerSecondProduced: measurement.throughput.produced.messagesPerSecond,
      messagesPerSecondConsumed: measurement.throughput.consumed.messagesPerSecond,
      endToEndP99Ms: measurement.latency.endToEnd.p99Ms,
      lost: measurement.messages.lost,
    }
  );
}
