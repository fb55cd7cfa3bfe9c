import { basisNames } from '../../analysis/report/cost/cost-table.ts';
import { costExplained, formatUsd } from '../../analysis/report/cost/cost-words.ts';
import { formatRate } from '../../analysis/report/format.ts';
import type { Cost } from '../../contracts/documents/cost.ts';
import { DataTable, type Row } from './data-table.tsx';

interface CostTableProps {
  columns: readonly { label: string; cost: Cost | null }[];
  /** Whether the arithmetic stands below; a report has it in its notes. */
  explained?: boolean;
}

/** What each configuration costs; nothing where no cost can be told. */
export function CostTable({ columns, explained = false }: CostTableProps) {
  const priced = columns.flatMap(({ label, cost }) => (cost ? [{ label, cost }] : []));
  if (priced.length === 0) return null;
  const usd = (value: number | null) => ({ text: formatUsd(value), value: value ?? Number.NaN });
  const rows = priced.map(
    ({ label, cost }): Row => ({
      key: label,
      cells: [
        { text: label },
        { text: basisNames[cost.basis] },
        { text: formatRate(cost.messagesPerSecond), value: cost.messagesPerSecond },
        usd(cost.usdPerHour),
        usd(cost.usdPerMillionMessages),
        usd(cost.usdPerMillionMessagesAtCapacity),
      ],
    }),
  );
  return (
    <section className="card stack" aria-labelledby="cost">
      <h2 id="cost">What it costs</h2>
      <DataTable
        caption="Cost by list prices, or estimated from what the product used"
        head={['Variant', 'By', 'Messages/s', '$/hour', '$/million messages', '$/million at capacity']}
        rows={rows}
      />
      {explained &&
        priced.map(({ label, cost }) => (
          <p key={label} className="soft small">
            {costExplained(cost)}
          </p>
        ))}
    </section>
  );
}
