import type { Report, ReportColumn } from '../../../contracts/documents/api.ts';
import type { Client } from '../../../contracts/documents/load-parts.ts';
import type { Product } from '../../../contracts/documents/product.ts';
import type { Result } from '../../../contracts/documents/result.ts';
import { longestWarmupSeconds } from '../../../contracts/input/load/schedule.ts';
import type { Load, RateStep, Search, Workload } from '../../../contracts/input/workload.ts';
import { sum } from '../../sum.ts';
import { counted, formatNumber } from '../format.ts';
import { changedSettings } from './settings.ts';

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

/**
 * A load in words that are the same for the same and differ for any other: by them it is told whether columns answer one
 * question. What is as usual is left out.
 */
function workloadInWords(workload: Workload): string {
  const { messageSizeBytes, load, producers, consumers, generators = 1, keys, payload } = workload;
  const drain = workload.drainTimeoutSeconds;
  return [
    `${loadInWords(load)} of ${exactly(messageSizeBytes)} B for ${exactly(workload.durationSeconds)} s, after ${warmupInWords(workload)}`,
    keys && keys.distribution !== 'none' ? keysInWords(keys) : 'no keys',
    ...(payload?.content === 'compressible' ? [`compressible ${payload.compressionRatio} times`] : []),
    `${counted(producers, 'producer')} and ${counted(consumers, 'consumer')} in ${generators === 1 ? 'one process' : `${generators} processes`}`,
    ...(drain === undefined || drain === usual.drainTimeoutSeconds
      ? []
      : [`up to ${exactly(drain)} s for what is under way at the end`]),
  ].join('; ');
}

/** As workloads have them where nothing else is asked for. */
const usual = {
  drainTimeoutSeconds: 30,
  maxWarmupSeconds: 60,
  maxMessagesPerSecond: 1_000_000,
  probeSeconds: 10,
  resolutionPercent: 5,
  zipfExponent: 0.99,
};

/** What is rounded looks like another. */
const exactly = (value: number) => formatNumber(value, 9);

function keysInWords(keys: Exclude<Workload['keys'], { distribution: 'none' }>): string {
  const isOther = keys.distribution === 'zipf' && keys.exponent !== usual.zipfExponent;
  const how = isOther ? `zipf, exponent ${keys.exponent}` : keys.distribution;
  return `${formatNumber(keys.cardinality)} keys (${how})`;
}

/** By this the words of a load tell that its warm-up was to go on until it was level. */
const atLeast = 'at least ';

function warmupInWords(workload: Workload): string {
  const { warmupSeconds } = workload;
  const longest = longestWarmupSeconds(workload);
  const isUsual = longest === Math.max(usual.maxWarmupSeconds, warmupSeconds);
  const words = `${exactly(warmupSeconds)} s of warm-up`;
  if (longest === warmupSeconds) return words;
  return `${atLeast}${words}${isUsual ? '' : ` and at most ${exactly(longest)} s`}`;
}

/** More would fill the page; their number, highest and mean rate tell most from each other. */
const mostStepsInWords = 20;

function loadInWords(load: Load): string {
  switch (load.shape) {
    case 'constant':
      return `${exactly(load.messagesPerSecond)} messages/s`;
    case 'steps':
      return stepsInWords(load.steps);
    case 'capacity-search':
      return `a search from ${exactly(load.startMessagesPerSecond)} messages/s${searchInWords(load)}`;
    case 'ladder':
      return load.ratesMessagesPerSecond
        ? `a ladder of ${load.ratesMessagesPerSecond.map(exactly).join(', ')} messages/s`
        : `a ladder of ${load.sharesPercent?.join(', ')}% of the capacity that a search finds${searchInWords(load)}`;
  }
}

function stepsInWords(steps: readonly RateStep[]): string {
  const highest = Math.max(...steps.map(({ messagesPerSecond }) => messagesPerSecond));
  const words = `${counted(steps.length, 'step')} of up to ${exactly(highest)} messages/s`;
  if (steps.length > mostStepsInWords) {
    const messages = sum(steps.map(({ messagesPerSecond, seconds }) => messagesPerSecond * seconds));
    return `${words}, ${exactly(messages)} messages together,`;
  }
  const each = steps.map(
    ({ messagesPerSecond, seconds }) => `${exactly(messagesPerSecond)} for ${seconds} s`,
  );
  return `${words} (${each.join(', ')})`;
}

/** What of a search is not as usual: what it finds depends on it. */
function searchInWords({ maxMessagesPerSecond, probeSeconds, resolutionPercent }: Search): string {
  return [
    maxMessagesPerSecond === usual.maxMessagesPerSecond ? '' : ` up to ${exactly(maxMessagesPerSecond)}`,
    probeSeconds === usual.probeSeconds ? '' : `, in probes of ${exactly(probeSeconds)} s`,
    resolutionPercent === usual.resolutionPercent ? '' : `, to within ${exactly(resolutionPercent)}%`,
  ].join('');
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
