import { differenceTable } from '../../analysis/report/difference-table.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { DataTable } from '../result/data-table.tsx';
import { numberIn } from './number-in.ts';

/** What each variant differs by from the first, and how surely. */
export function Differences({ report }: { report: Report }) {
  const table = differenceTable(report);
  if (!table) return null;
  return (
    <section className="card stack" aria-labelledby="r-differences">
      <h2 id="r-differences">{table.title}</h2>
      <DataTable
        caption={table.title}
        head={table.head}
        rows={table.rows.map((cells, index) => ({
          key: String(index),
          cells: cells.map((text, column) =>
            table.numeric[column] ? { text, value: numberIn(text) } : { text },
          ),
        }))}
      />
    </section>
  );
}
