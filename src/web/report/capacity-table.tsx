import { nextTried } from '../../analysis/rates/capacity.ts';
import { formatCount, formatRate } from '../../analysis/report/format.ts';
import type { ReportColumn } from '../../contracts/documents/api.ts';
import { DataTable } from '../result/data-table.tsx';

/** What each variant carries, where that was searched for. */
export function CapacityTable({ columns }: { columns: readonly ReportColumn[] }) {
  const rows = columns.flatMap(({ label, capacity, experimentId }) => {
    if (!capacity) return [];
    const best = capacity.sustainableMessagesPerSecond;
    const next = nextTried(capacity);
    return [
      {
        key: experimentId,
        cells: [
          { text: label },
          { text: formatRate(best), value: best ?? Number.NaN },
          { text: formatCount(capacity.probes.length), value: capacity.probes.length },
          {
            text: typeof next === 'string' ? next : `${formatRate(next.messagesPerSecond)}/s: ${next.reason}`,
          },
        ],
      },
    ];
  });
  if (rows.length === 0) return null;
  return (
    <section className="card stack" aria-labelledby="r-capacity">
      <h2 id="r-capacity">How much it carries</h2>
      <DataTable
        caption="The highest rate that was sustained"
        head={['Variant', 'Messages/s', 'Rates tried', 'What comes next']}
        rows={rows}
      />
    </section>
  );
}
