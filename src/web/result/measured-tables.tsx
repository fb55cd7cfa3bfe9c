import { formatCount, formatMs, formatRate } from '../../analysis/report/format.ts';
import type { Measurement } from '../../contracts/documents/metrics.ts';
import type { Result } from '../../contracts/documents/result.ts';
import { Name } from '../parts/name.tsx';
import { DataTable, type Row } from './data-table.tsx';

/** What has a place in a table: a variant, or the one experiment that is looked at. */
export interface Measured {
  label: string;
  measurement: Measurement | null;
  guarantee: Result['guarantee'];
}

/** Rates and latencies; a percentile with fewer than ten messages beyond it is not told. */
export function SpeedTable({ columns }: { columns: readonly Measured[] }) {
  const rows = columns.flatMap(({ label, measurement }): Row[] => {
    if (!measurement) return [];
    const { throughput, latency } = measurement;
    const { endToEnd } = latency;
    return [
      {
        key: label,
        cells: [
          { text: label },
          numeric(throughput.produced.messagesPerSecond, formatRate),
          numeric(throughput.consumed.messagesPerSecond, formatRate),
          numeric(latency.publish.p99Ms, formatMs),
          numeric(endToEnd.p50Ms, formatMs),
          ...([endToEnd.p90Ms, endToEnd.p99Ms, endToEnd.p999Ms, endToEnd.p9999Ms] as const).map((ms) =>
            numeric(ms, formatMs),
          ),
          numeric(endToEnd.maxMs, formatMs),
        ],
      },
    ];
  });
  return (
    <DataTable
      caption="Throughput, and latency in ms from when a message was due to its consumer"
      head={[
        'Variant',
        'Produced/s',
        'Consumed/s',
        'Publish p99',
        'p50',
        'p90',
        'p99',
        'p99.9',
        'p99.99',
        'max',
      ]}
      rows={rows}
    />
  );
}

function numeric(value: number | null, format: (value: number | null) => string) {
  return { text: format(value), value: value ?? Number.NaN };
}

/** Where every message went; the sums stand beside, for whoever wants to see that they add up. */
export function LedgerTable({ columns }: { columns: readonly Measured[] }) {
  const rows = columns.flatMap(({ label, measurement }): Row[] => {
    if (!measurement) return [];
    const { messages } = measurement;
    const names = ['scheduled', 'unsent', 'sent', 'acknowledged', 'failed', 'indeterminate'] as const;
    const others = ['received', 'lost', 'duplicated', 'reordered', 'throttled', 'unexpected'] as const;
    return [
      {
        key: label,
        cells: [
          { text: label },
          ...[...names, ...others].map((name) => numeric(messages[name], formatCount)),
        ],
      },
    ];
  });
  return (
    <DataTable
      caption="Where every message went: scheduled = unsent + sent, and sent = acknowledged + failed + in doubt"
      head={[
        'Variant',
        'Scheduled',
        'Unsent',
        'Sent',
        'Acknowledged',
        'Failed',
        'In doubt',
        'Received',
        'Lost',
        'Duplicated',
        'Reordered',
        'Throttled',
        'Unexpected',
      ]}
      rows={rows}
    />
  );
}

/** What an acknowledged message survives, by the products' documentation. */
export function GuaranteeTable({ columns }: { columns: readonly Measured[] }) {
  const rows = columns.flatMap(({ label, guarantee }): Row[] => {
    if (!guarantee) return [];
    const { processCrash, powerLoss, nodeLoss, copies, flushed } = guarantee;
    return [
      {
        key: label,
        cells: [
          { text: label },
          ...[processCrash, powerLoss, nodeLoss].map((fate) => ({
            text: fate === 'survives' ? '✓ survives' : '✗ may be lost',
          })),
          { text: formatCount(copies), value: copies },
          { text: flushed === null ? 'not published' : flushed ? 'yes' : 'no' },
        ],
      },
    ];
  });
  return (
    <>
      <DataTable
        caption="What an acknowledged message survives, by documentation: nothing was crashed to see"
        head={['Variant', 'Server crash', 'Power loss', 'Node loss', 'Copies', 'On the disk']}
        rows={rows}
      />
      {columns.map(
        ({ label, guarantee }) =>
          guarantee && (
            <p key={label} className="soft small">
              {columns.length > 1 && (
                <>
                  <Name>{label}</Name>:{' '}
                </>
              )}
              {guarantee.explanation}
            </p>
          ),
      )}
    </>
  );
}
