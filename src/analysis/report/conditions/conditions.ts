import type { Report, ReportColumn } from '../../../contracts/documents/api.ts';
import type { Client } from '../../../contracts/documents/load-parts.ts';
import type { Product } from '../../../contracts/documents/product.ts';
import type { Result } from '../../../contracts/documents/result.ts';
import { longestWarmupSeconds } from '../../../contracts/input/load/schedule.ts';
import type { Load, Workload } from '../../../contracts/input/workload.ts';
import { findTechnology } from '../../../technologies/registry.ts';
import { counted, formatNumber, formatRate } from '../format.ts';

/** Under what a variant was measured: without it, its numbers cannot be judged. */
export type Conditions = Pick<
  ReportColumn,
  'workload' | 'machine' | 'productName' | 'clients' | 'comparatorVersion' | 'settings'
>;

export function conditionsOf(result: Result | null): Conditions {
  const { environment, spec } = result ?? {};
  return {
    workload: spec ? workloadInWords(spec.workload) : null,
    machine: environment?.host ? machineInWords(environment.host) : null,
    productName: environment?.product ? productInWords(environment.product) : null,
    clients: environment?.clients ?? null,
    comparatorVersion: environment?.comparator ?? null,
    settings: spec ? changedSettings(spec) : {},
  };
}

/** Settings that differ from the technology's defaults. */
function changedSettings({ technology, settings }: Result['spec']): Record<string, unknown> {
  const defaults = findTechnology(technology)?.settings.safeParse({}).data as object | undefined;
  const preset = new Map(
    Object.entries(defaults ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => preset.get(name) !== JSON.stringify(value)),
  );
}

function workloadInWords(workload: Workload): string {
  const { messageSizeBytes, load, producers, consumers, generators = 1, keys, payload } = workload;
  return [
    `${loadInWords(load)} of ${formatNumber(messageSizeBytes)} B for ${formatNumber(workload.durationSeconds, 1)} s, after ${warmupInWords(workload)}`,
    keys && keys.distribution !== 'none'
      ? `${formatNumber(keys.cardinality)} keys (${keys.distribution})`
      : 'no keys',
    ...(payload?.content === 'compressible' ? [`compressible ${payload.compressionRatio} times`] : []),
    `${counted(producers, 'producer')} and ${counted(consumers, 'consumer')} in ${generators === 1 ? 'one process' : `${generators} processes`}`,
  ].join('; ');
}

/** By this the words of a load tell that its warm-up was to go on until it was level. */
const atLeast = 'at least ';

function warmupInWords(workload: Workload): string {
  const isFixed = longestWarmupSeconds(workload) === workload.warmupSeconds;
  return `${isFixed ? '' : atLeast}${formatNumber(workload.warmupSeconds, 1)} s of warm-up`;
}

function loadInWords(load: Load): string {
  switch (load.shape) {
    case 'constant':
      return `${formatRate(load.messagesPerSecond)} messages/s`;
    case 'steps':
      return `${counted(load.steps.length, 'step')} of up to ${formatRate(Math.max(...load.steps.map(({ messagesPerSecond }) => messagesPerSecond)))} messages/s`;
    case 'capacity-search':
      return `a search from ${formatRate(load.startMessagesPerSecond)} messages/s`;
    case 'ladder':
      return load.ratesMessagesPerSecond
        ? `a ladder of ${load.ratesMessagesPerSecond.map((one) => formatRate(one)).join(', ')} messages/s`
        : `a ladder of ${load.sharesPercent?.join(', ')}% of the capacity that a search finds`;
  }
}

function machineInWords({
  cpuModel,
  cpuCount,
  memoryBytes,
  kernel,
}: NonNullable<Result['environment']['host']>) {
  return `${cpuCount} × ${cpuModel}, ${formatNumber(memoryBytes / 1e9)} GB, ${kernel}`;
}

/** Lines that say what was compared; what is so for several variants is said once, of all of them. */
export function conditionLines(report: Report): string[] {
  const measured = report.columns.filter(({ workload }) => workload !== null);
  const said = (what: (column: ReportColumn) => string | null) => {
    const by = Map.groupBy(measured, what);
    return [...by].flatMap(([words, columns]) =>
      words === null ? [] : [`${subjects(columns, measured)}: ${words}`],
    );
  };
  return [
    ...said(({ workload }) => `load ${workload}.`),
    ...warmupLines(measured),
    ...said(({ machine, target }) => {
      if (machine === null) return null;
      switch (target) {
        case 'existing':
          return `load generator on ${machine}; the product is in a cluster of your own.`;
        case 'aws':
          return `load generator on Fargate, ${machine}; the product is AWS's own.`;
        default:
          return `on ${machine}; load generator and product share it.`;
      }
    }),
    ...said(subjectInWords),
    ...said(({ clients }) => clients && `produced by ${clientInWords(clients.producer)}.`),
    ...said(({ clients }) => clients && `consumed by ${clientInWords(clients.consumer)}.`),
    ...said(({ guarantee }) => guarantee?.explanation ?? null),
  ];
}

/** How long warm-ups went on, where that was not set. */
function warmupLines(columns: readonly ReportColumn[]): string[] {
  const seconds = columns
    .filter(({ workload }) => workload?.includes(`after ${atLeast}`))
    .flatMap(({ runs }) => runs.flatMap(({ warmupSeconds }) => warmupSeconds ?? []));
  if (seconds.length === 0) return [];
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map((one) => formatNumber(one));
  return [`Measured after ${least === most ? least : `${least} to ${most}`} s of warm-up.`];
}

function subjects(columns: readonly ReportColumn[], all: readonly ReportColumn[]): string {
  if (all.length > 1 && columns.length === all.length) return 'All';
  return columns.map(({ label }) => label).join('; ');
}

function subjectInWords({ productName, technology, settings }: ReportColumn): string {
  const changed = Object.entries(settings).map(([name, value]) => `${name} ${valueInWords(value)}`);
  const what = productName ?? technology;
  return `${what} with ${changed.length > 0 ? changed.join(', ') : 'the default settings'}.`;
}

function valueInWords(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([name, inner]) => `${name}: ${String(inner)}`);
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : 'none';
}

/** With its version, and what its adapter adds. */
export function clientInWords(client: Client): string {
  return [productInWords(client), ...client.adds].join('; it ').replace('; it ', ', which ');
}

export function productInWords({ name, version }: Product): string {
  return version ? `${name} ${version}` : name;
}
