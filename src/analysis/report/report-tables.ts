import type { Report, ReportColumn } from '../../contracts/documents/api.ts';
import type { Latency } from '../../contracts/documents/metrics.ts';
import type { Verdict } from '../../contracts/documents/result.ts';
import type { LatencyKind, MessageCount } from '../../contracts/input/metric.ts';
import { nextTried } from '../rates/capacity.ts';
import { caveatsComeFirst } from './answer/caveats-first.ts';
import { generatorTable, guaranteeTable, productTable } from './conditions/tables.ts';
import { costTable } from './cost/cost-table.ts';
import { differenceTable } from './difference-table.ts';
import { formatBound, formatCount, formatMs, formatRate } from './format.ts';
import { ladderTable } from './ladder-table.ts';
import { markedName, shortReason, type TextTable } from './text-table.ts';
import { intervalInWords, measuredInWords } from './verdict-words.ts';

/** The tables of a report, a variant to a row, each narrow enough for a terminal of 100 columns. */
export function reportTables(report: Report): TextTable[] {
  // A report in which nothing was measured would be tables of dashes above its only useful line.
  const isMeasured = report.columns.some(({ measurement }) => measurement !== null);
  const tables = isMeasured
    ? [
        speedTable('Throughput and end-to-end latency (intended send to consumer)', report, 'endToEnd'),
        speedTable('Publish latency (send to acknowledgement)', report, 'publish'),
        speedTable('Publish latency from the intended time', report, 'publishScheduled'),
        messagesTable(report),
      ]
    : [];
  if (report.columns.some(({ capacity }) => capacity !== null)) tables.push(capacityTable(report));
  if (report.columns.some(({ ladder }) => ladder !== null)) tables.push(ladderTable(report.columns));
  if (isMeasured && report.columns.some(({ verdicts }) => verdicts.length > 0)) {
    tables.push(requirementsTable(report));
  }
  const differences = differenceTable(report);
  if (differences) tables.push(differences);
  for (const table of [costTable, generatorTable, productTable, guaranteeTable].map((of) => of(report))) {
    if (table.rows.length > 0) tables.push(table);
  }
  return tables;
}

/** Where nothing confirms a message, it ends with the socket. */
function confirmedName(column: ReportColumn): string {
  const name = markedName(column);
  return column.guarantee?.copies === 0 ? `${name} (written to the socket)` : name;
}

function speedTable(title: string, report: Report, kind: LatencyKind): TextTable {
  const side = kind === 'endToEnd' ? 'consumed' : 'produced';
  return {
    title,
    head: ['Variant', `${side}/s`, 'MB/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms'],
    numeric: [false, true, true, true, true, true, true],
    rows: report.columns.map((column) => {
      const rate = column.measurement?.throughput[side];
      const latency: Latency | undefined = column.measurement?.latency[kind];
      return [
        kind === 'endToEnd' ? markedName(column) : confirmedName(column),
        formatRate(rate?.messagesPerSecond ?? null),
        formatRate(rate ? rate.bytesPerSecond / 1e6 : null),
        formatMs(latency?.p50Ms ?? null),
        formatMs(latency?.p99Ms ?? null),
        formatMs(latency?.p999Ms ?? null),
        formatMs(latency?.maxMs ?? null),
      ];
    }),
  };
}

/** What every report shows, so that its rows add up, and what only those show in which it happened. */
const messageColumns: { field: MessageCount; head: string; always: boolean }[] = [
  { field: 'scheduled', head: 'scheduled', always: true },
  { field: 'unsent', head: 'unsent', always: true },
  { field: 'acknowledged', head: 'acknowledged', always: true },
  { field: 'failed', head: 'failed', always: true },
  { field: 'indeterminate', head: 'in doubt', always: false },
  { field: 'lost', head: 'lost', always: true },
  { field: 'duplicated', head: 'duplicated', always: true },
  { field: 'throttled', head: 'throttled', always: false },
  { field: 'reordered', head: 'reordered', always: false },
  { field: 'unexpected', head: 'unexpected', always: false },
];

function messagesTable(report: Report): TextTable {
  const shown = messageColumns.filter(
    ({ field, always }) => always || report.columns.some(({ measurement }) => measurement?.messages[field]),
  );
  return {
    title: 'Messages (scheduled = unsent + acknowledged + failed + in doubt)',
    head: ['Variant', ...shown.map(({ head }) => head)],
    numeric: [false, ...shown.map(() => true)],
    rows: report.columns.map((column) => [
      markedName(column),
      ...shown.map(({ field }) => formatCount(column.measurement?.messages[field] ?? null)),
    ]),
  };
}

function capacityTable(report: Report): TextTable {
  return {
    title: 'Capacity (the highest rate that was sustained, and why the next one tried was not)',
    head: ['Variant', 'sustained/s', 'probes', 'next/s', 'why not'],
    numeric: [false, true, true, true, false],
    rows: report.columns.flatMap((column) => {
      if (column.capacity === null) return [];
      const { sustainableMessagesPerSecond: best, probes } = column.capacity;
      const next = nextTried(column.capacity);
      const isTold = typeof next === 'string';
      return [
        [
          markedName(column),
          formatRate(best),
          formatCount(probes.length),
          formatRate(isTold ? null : next.messagesPerSecond),
          isTold ? next : shortReason(next),
        ],
      ];
    }),
  };
}

function requirementsTable(report: Report): TextTable {
  return {
    title: 'Requirements',
    head: ['Variant', 'Requirement', 'Measured', 'Verdict'],
    numeric: [false, false, true, false],
    rows: report.columns.flatMap((column) =>
      column.verdicts.map((verdict) => [
        markedName(column),
        requirementText(verdict),
        measuredText(verdict),
        verdictText(verdict),
      ]),
    ),
  };
}

function measuredText(verdict: Verdict): string {
  const interval = intervalInWords(verdict);
  return (measuredInWords(verdict) ?? '–') + (interval ? ` (${interval})` : '');
}

/** The metric without its group, which its last parts make clear, so that the table stays narrow. */
function requirementText({ metric, atMost, atLeast }: Verdict): string {
  const bound = atMost === undefined ? `≥ ${formatBound('', atLeast ?? 0)}` : `≤ ${formatBound('', atMost)}`;
  return `${metric.slice(metric.indexOf('.') + 1)} ${bound}`;
}

function verdictText({ verdict }: Verdict): string {
  return { met: 'met', 'not-met': 'NOT MET', undecided: 'undecided', 'not-measured': 'not measured' }[
    verdict
  ];
}

/**
 * What stands on top of all: what is advised and why, caveats, and then one sentence a variant: whether it meets the
 * requirements.
 */
export function conclusions(report: Report): string[] {
  const answer = [
    ...(report.recommendation?.reasons ?? []),
    ...(report.choiceByLoad ? [report.choiceByLoad] : []),
  ];
  const head = caveatsComeFirst(report) ? [...report.caveats, ...answer] : [...answer, ...report.caveats];
  return [...head, ...report.columns.map(conclusion)];
}

function conclusion(column: ReportColumn): string {
  const name = markedName(column);
  const { verdicts, failure, measurement } = column;
  if (failure && !measurement) return `${name} failed while ${failure.phase} (${failure.code}).`;
  if (failure && measurement?.messages.acknowledged === 0) return `${name}: ${failure.message}.`;
  switch (column.meetsRequirements) {
    case 'met':
      return verdicts.length === 1
        ? `${name} meets its requirement.`
        : `${name} meets all ${verdicts.length} requirements.`;
    case 'not-met': {
      const missed = verdicts.filter(({ verdict }) => verdict === 'not-met');
      const reasons = missed.map(({ metric, reason }) => `${metric}: ${reason}`).join('; ');
      return `${name} does not meet ${missed.length} of ${verdicts.length} requirements. ${reasons}.`;
    }
    case 'undecided': {
      const open = verdicts.filter(({ verdict }) => verdict !== 'met');
      const reasons = open.map(({ metric, reason }) => `${metric}: ${reason}`).join('; ');
      return `${name} is undecided on ${open.length} of ${verdicts.length} requirements. ${reasons}.`;
    }
    case null:
      if (measurement) return `${name} was measured without requirements.`;
      return column.outcome === null ? `${name} has not finished.` : `${name} was not measured.`;
  }
}
