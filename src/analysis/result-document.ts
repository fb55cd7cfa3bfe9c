import { failureCodes } from '../contracts/documents/failure-codes.ts';
import type { LoadPart, OpenSessionOutput, Refusal } from '../contracts/documents/load-parts.ts';
import type { Measurement } from '../contracts/documents/metrics.ts';
import type { Failure } from '../contracts/documents/progress.ts';
import type { Capacity, LadderRung, Result } from '../contracts/documents/result.ts';
import type { AssembleResultInput } from '../contracts/temporal/control-activities.ts';
import type { PriceBook } from '../technologies/prices.ts';
import { isEmulated, listPrices, technologyCard } from '../technologies/registry.ts';
import { costOf } from './cost/cost.ts';
import { generatorUsage } from './generator-usage.ts';
import { toldMeasurement } from './latency/told.ts';
import type { LedgerTotals } from './ledger/ledger-tally.ts';
import { measurementOf } from './measurement.ts';
import { ownDelayOf } from './own-delay.ts';
import { asksBeyond, ceilingOf } from './plan/ceiling.ts';
import { guaranteeOfStored } from './plan/guarantees.ts';
import { productUseOf } from './product-use.ts';
import { searchInVain, untriedBound } from './rates/untried.ts';
import { allRefusals, mergeRefusals, nothingAcknowledged, refusalsIn } from './refusals.ts';
import { steadinessOf } from './steady/steadiness.ts';
import { sum } from './sum.ts';
import { verdictsOn } from './verdicts.ts';

/**
 * The result document of a run, from what the load generators measured. Shape: src/contracts/README.md, "Result document".
 * @param ledgerTotals as for `measurementOf`
 */
export function resultDocument(
  input: AssembleResultInput & { runId: string; ladder?: LadderRung[] | null; comparatorVersion?: string },
  parts: readonly LoadPart[],
  ledgerTotals: LedgerTotals | null = null,
  prices: PriceBook = listPrices,
): Result {
  const { spec, provisioned } = input;
  const emulated = isEmulated(spec.technology, spec.target) || provisioned?.product.emulated === true;
  const warmups = input.opened.map(({ warmup }) => warmup);
  const measured = measurementOf(parts, spec.workload, ledgerTotals);
  const { shape } = spec.workload.load;
  const steadiness = measured && steadinessOf(shape, measured.durationSeconds, parts, warmups);
  const { moving = null, ...steady } = steadiness ?? {};
  const measurement = measured && { ...measured, ...steady };
  const loadGenerator = measurement && generatorUsage(parts, spec.target);
  const refusals = measurement ? allRefusals(refusalsIn(parts), measurement.messages) : [];
  const ceiling = ceilingOf(spec);
  const host = input.opened[0]?.environment;
  const product = measurement && productUseOf(parts, measurement);
  const { capacity, ladder = null } = input;
  return {
    schemaVersion: 1,
    experimentId: input.experimentId,
    runId: input.runId,
    name: spec.name,
    technology: spec.technology,
    target: spec.target,
    emulated,
    partial: input.partial,
    restarts: input.restarts,
    spec,
    environment: {
      host: host?.host ?? null,
      node: host?.node ?? null,
      product: host?.product ?? provisioned?.product ?? null,
      clients: host?.clients ?? null,
      terraform: provisioned?.terraform ?? null,
      comparator: input.comparatorVersion ?? null,
    },
    timeline: input.timeline,
    guarantee: guaranteeOfStored(spec),
    warmup: warmupOf(warmups),
    measurement: allPartitions(toldMeasurement(measurement), spec),
    refusals,
    loadGenerator,
    product,
    ceiling: ceiling && {
      messagesPerSecond: ceiling.messagesPerSecond,
      source: ceiling.source,
      exceeded:
        asksBeyond(spec, ceiling) ||
        (measurement?.throughput.produced.messagesPerSecond ?? 0) > ceiling.messagesPerSecond,
    },
    capacity,
    ladder,
    verdicts: verdictsOn(spec.requirements, {
      measurement,
      emulated,
      partial: input.partial,
      limited: loadGenerator?.limited ?? false,
      ownDelay: ownDelayOf(parts),
      moving,
      untried: (bound) => untriedBound(bound, { workload: spec.workload, capacity, ladder }),
      inVain: searchInVain(capacity),
    }),
    cost: costOf({ spec, emulated, measurement, product, capacity }, prices),
    failure:
      input.failure ??
      (input.partial ? null : (failureOf(measurement, refusals) ?? failureOfSearch(measurement, capacity))),
  };
}

/** What all load generators warmed up with together; null where none did. */
function warmupOf(warmups: readonly OpenSessionOutput['warmup'][]): Result['warmup'] {
  if (warmups.length === 0) return null;
  const seconds = warmups.flatMap((warmup) => warmup.seconds ?? []);
  return {
    acknowledged: sum(warmups.map(({ acknowledged }) => acknowledged)),
    refusals: mergeRefusals(warmups.map(({ refusals }) => refusals)),
    seconds: seconds.length > 0 ? Math.max(...seconds) : null,
  };
}

/** A product that takes nothing was not measured, though the load ran to its end; null for any other. */
function failureOf(measurement: Measurement | null, refusals: readonly Refusal[]): Failure | null {
  if (!measurement || measurement.messages.acknowledged > 0 || measurement.messages.sent === 0) return null;
  return {
    code: failureCodes.nothingAcknowledged,
    phase: 'measuring',
    message: `nothing could be measured: ${nothingAcknowledged(measurement.messages, refusals)}`,
    diagnostics: [],
  };
}

/** A search in which not one rate got anything through. */
function failureOfSearch(measurement: Measurement | null, capacity: Capacity | null): Failure | null {
  const last = capacity?.probes.at(-1);
  if (measurement || !last || capacity?.probes.some((probe) => probe.producedMessagesPerSecond)) return null;
  return {
    code: failureCodes.nothingAcknowledged,
    phase: 'measuring',
    message: `nothing could be measured: ${last.reason}`,
    diagnostics: [],
  };
}

/** With a zero for each partition of which nothing arrived. */
function allPartitions(
  measurement: Measurement | null,
  { technology, settings }: Result['spec'],
): Measurement | null {
  const counts = measurement?.perPartition;
  if (!measurement || !counts) return measurement;
  const partitions = technologyCard(technology).partitions(settings) ?? 0;
  const missing = Math.max(0, partitions - counts.length);
  return { ...measurement, perPartition: [...counts, ...new Array<number>(missing).fill(0)] };
}
