import { z } from 'zod';
import { generatorUsage } from '../../src/analysis/generator-usage.ts';
import { intervalLines } from '../../src/analysis/latency/intervals.ts';
import { toldLatencies } from '../../src/analysis/latency/told.ts';
import type { LedgerTotals } from '../../src/analysis/ledger/ledger-tally.ts';
import { measurementOf } from '../../src/analysis/measurement.ts';
import { judgeProbe } from '../../src/analysis/rates/probes.ts';
import { verdictInWords } from '../../src/analysis/report/verdict-words.ts';
import { resultDocument } from '../../src/analysis/result-document.ts';
import { steadinessOf } from '../../src/analysis/steady/steadiness.ts';
import { timeseriesLines } from '../../src/analysis/timeseries.ts';
import { readVersion } from '../../src/config.ts';
import {
  type LoadPart,
  loadPartSchema,
  openedSessionSchema,
} from '../../src/contracts/documents/load-parts.ts';
import { type LadderRung, type Result, resultSchema } from '../../src/contracts/documents/result.ts';
import type { Workload } from '../../src/contracts/input/workload.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type {
  AssembledResult,
  AssembleResultInput,
  ControlActivities,
} from '../../src/contracts/temporal/control-activities.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import type { PriceBook } from '../../src/technologies/prices.ts';
import { currentRunId } from '../../src/temporal/current-run.ts';
import { whileHeartbeating } from '../../src/temporal/heartbeat.ts';
import { readDisturbances } from './disturbances.ts';
import { totalsOfLedgers } from './ledgers.ts';
import { nextOfLoad } from './search/ladder.ts';

/** The activities that turn what was measured into verdicts and the result document. */
export function createResultActivities({
  store,
  prices,
  pageOf,
}: {
  store: ObjectStore;
  prices?: PriceBook;
  /** Address of the page of an experiment. */
  pageOf?: (experimentId: string) => string;
}): Pick<ControlActivities, 'assembleResult' | 'judgeProbe'> {
  return {
    assembleResult: (input) =>
      whileHeartbeating(async () => ({
        ...(await assembleResult(store, input, prices)),
        ...(pageOf ? { page: pageOf(input.experimentId) } : {}),
      })),
    judgeProbe: (input) =>
      whileHeartbeating(async () => {
        const { partKeys, spec, earlier, ...asked } = input;
        const { parts, ledgerTotals } = await readParts(store, partKeys, spec.workload);
        const probe = judgeProbe(asked, parts, spec, ledgerTotals);
        const next = nextOfLoad(spec.workload.load, [...earlier, probe]);
        return next ? { ...probe, next } : probe;
      }),
  };
}

async function assembleResult(
  store: ObjectStore,
  input: AssembleResultInput,
  prices?: PriceBook,
): Promise<AssembledResult> {
  const runId = currentRunId();
  const { document, parts } = await readResult(store, { ...input, runId }, prices);
  const disturbances = await readDisturbances(store, input.experimentId, input.timeline);
  if (disturbances.length > 0) document.disturbances = disturbances;
  const resultKey = s3Keys.result(input.experimentId, runId);
  const series = timeseriesLines(parts);
  if (series) {
    await store.put(s3Keys.timeseries(input.experimentId, runId), series, 'application/x-ndjson');
  }
  const intervals = intervalLines(parts);
  if (intervals) {
    await store.put(s3Keys.intervals(input.experimentId, runId), intervals, 'application/x-ndjson');
  }
  // A retry after a lost answer finds the document there already, and leaves it.
  await store.putJsonIfAbsent(resultKey, document);
  const { failure } = document;
  return {
    resultKey,
    summary: summaryOf(document),
    verdicts: document.verdicts.map(verdictInWords),
    ...(failure ? { failure } : {}),
  };
}

type PartStore = Pick<ObjectStore, 'get' | 'getJson' | 'bucket'>;

/** The result document of what lies in the bucket, and the parts that it is made of. */
export async function readResult(
  store: PartStore,
  input: AssembleResultInput & { runId: string },
  prices?: PriceBook,
): Promise<{ document: Result; parts: LoadPart[] }> {
  const { parts, ledgerTotals } = await readParts(store, input.partKeys, input.spec.workload);
  const opened = z.array(openedSessionSchema).parse(input.opened);
  const ladder = await ladderOf(store, input);
  const document = resultDocument(
    { ...input, opened, ladder, comparatorVersion: readVersion() },
    parts,
    ledgerTotals,
    prices,
  );
  return { document: resultSchema.parse(document), parts };
}

/** What each rung of a ladder came to; null of another load. */
async function ladderOf(
  store: PartStore,
  { rungs, spec }: AssembleResultInput,
): Promise<LadderRung[] | null> {
  if (spec.workload.load.shape !== 'ladder') return null;
  return await Promise.all(
    (rungs ?? []).map(async ({ partKeys, ...rung }) => {
      const { parts, ledgerTotals } = await readParts(store, partKeys, spec.workload);
      const measured = measurementOf(parts, spec.workload, ledgerTotals);
      const { steady = null, steadyReason = null } = measured
        ? steadinessOf('ladder', measured.durationSeconds, parts, [])
        : {};
      const latency = measured && toldLatencies(measured.latency);
      const throughput = measured?.throughput ?? null;
      const limited = measured && generatorUsage(parts, spec.target).limited;
      return { ...rung, limited, latency, throughput, steady, steadyReason };
    }),
  );
}

/** The parts, and what their ledgers say together; null for one generator, which counts by itself. */
async function readParts(
  store: PartStore,
  keys: readonly string[],
  { generators }: Workload,
): Promise<{ parts: LoadPart[]; ledgerTotals: LedgerTotals | null }> {
  const parts = await Promise.all(keys.map((key) => readPart(store, key)));
  const ledgerKeys = parts.flatMap(({ ledgerKey }) => ledgerKey ?? []);
  return { parts, ledgerTotals: generators > 1 ? await totalsOfLedgers(store, ledgerKeys) : null };
}

/** @throws Error when it is not there, or of another shape */
async function readPart(store: PartStore, key: string): Promise<LoadPart> {
  const part = await store.getJson(key);
  if (part === null) throw new Error(`the load generator's part ${key} is not in bucket ${store.bucket}`);
  const parsed = loadPartSchema.safeParse(part);
  if (!parsed.success) {
    throw new Error(`the load generator's part ${key} is not one: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

function summaryOf({ measurement }: Result) {
  return (
    measurement && {
      messagesPerSecondProduced: rounded(measurement.throughput.produced.messagesPerSecond),
      messagesPerSecondConsumed: rounded(measurement.throughput.consumed.messagesPerSecond),
      endToEndP99Ms: rounded(measurement.latency.endToEnd.p99Ms),
      lost: measurement.messages.lost,
    }
  );
}

/** As many digits as a person reads. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
