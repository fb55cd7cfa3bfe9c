import type { LoadPart } from '../contracts/documents/load-parts.ts';
import type { Result } from '../contracts/documents/result.ts';
import type { AssembleResultInput } from '../contracts/temporal/control-activities.ts';
import { isEmulated } from '../technologies/registry.ts';
import { asksBeyond, ceilingOf } from './ceiling.ts';
import { generatorUsage } from './generator-usage.ts';
import type { LedgerTotals } from './ledger/ledger-tally.ts';
import { measurementOf } from './measurement.ts';
import { sum } from './sum.ts';
import { verdictsOn } from './verdicts.ts';

/**
 * The result document of a run, from what the load generators measured. Shape: src/contracts/README.md, "Result document".
 * @param ledgerTotals as for `measurementOf`
 */
export function resultDocument(
  input: AssembleResultInput & { runId: string },
  parts: readonly LoadPart[],
  ledgerTotals: LedgerTotals | null = null,
): Result {
  const { spec, provisioned } = input;
  const emulated = isEmulated(spec.technology, spec.target);
  const measurement = measurementOf(parts, spec.workload, ledgerTotals);
  const loadGenerator = measurement && generatorUsage(parts);
  const ceiling = ceilingOf(spec);
  const host = input.opened[0]?.environment;
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
    },
    timeline: input.timeline,
    warmup:
      input.opened.length > 0
        ? { acknowledged: sum(input.opened.map(({ warmup }) => warmup.acknowledged)) }
        : null,
    measurement,
    loadGenerator,
    ceiling: ceiling && {
      messagesPerSecond: ceiling.messagesPerSecond,
      source: ceiling.source,
      exceeded:
        asksBeyond(spec, ceiling) ||
        (measurement?.throughput.produced.messagesPerSecond ?? 0) > ceiling.messagesPerSecond,
    },
    capacity: input.capacity,
    verdicts: verdictsOn(spec.requirements, {
      measurement,
      emulated,
      partial: input.partial,
      limited: loadGenerator?.limited ?? false,
    }),
    cost: null,
    failure: input.failure,
  };
}
