import { formatRate } from '../../analysis/report/format.ts';
import type { Result } from '../../contracts/documents/result.ts';
import { DataTable, type Row } from './data-table.tsx';

interface ProductTableProps {
  columns: readonly { label: string; product: Result['product'] }[];
}

/** What the product's own processes used while it was measured; nothing where none could be seen. */
export function ProductTable({ columns }: ProductTableProps) {
  const megabytes = (bytes: number | null) => ({
    text: formatRate(bytes === null ? null : bytes / 1e6),
    value: bytes ?? Number.NaN,
  });
  const rows = columns.flatMap(({ label, product }): Row[] => {
    if (!product) return [];
    const { cpuSeconds, messagesPerCpuSecond, peakMemoryBytes, diskReadBytes, diskWriteBytes } = product;
    return [
      {
        key: label,
        cells: [
          { text: label },
          { text: formatRate(cpuSeconds), value: cpuSeconds ?? Number.NaN },
          { text: formatRate(messagesPerCpuSecond), value: messagesPerCpuSecond ?? Number.NaN },
          ...[peakMemoryBytes, diskReadBytes, diskWriteBytes].map(megabytes),
        ],
      },
    ];
  });
  if (rows.length === 0) return null;
  return (
    <section className="card stack" aria-labelledby="product">
      <h2 id="product">What the product used</h2>
      <DataTable
        caption="What the product's own processes used during the schedule; memory at their peak"
        head={['Variant', 'CPU, s', 'Messages/CPU s', 'Memory, MB', 'Read, MB', 'Written, MB']}
        rows={rows}
      />
    </section>
  );
}
