import { useState } from 'react';
import { Name } from '../parts/name.tsx';

export interface Cell {
  text: string;
  /** Sorted and aligned as a number where it is one. */
  value?: number;
}

export interface Row {
  key: string;
  cells: readonly Cell[];
}

/** A table that sorts by the column that is clicked; a second click turns it round. */
export function DataTable({
  caption,
  head,
  rows,
}: {
  caption: string;
  head: readonly string[];
  rows: readonly Row[];
}) {
  const [order, setOrder] = useState<{ column: number; down: boolean } | null>(null);
  if (rows.length === 0) return null;
  const shown = order ? sorted(rows, order) : rows;
  const sorts = rows.length > 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="hidden-visually">{caption}</caption>
        <thead>
          <tr>
            {head.map((name, column) => {
              const isNumber = rows[0]?.cells[column]?.value !== undefined;
              const mine = order?.column === column ? order : null;
              return (
                <th
                  key={name}
                  scope="col"
                  className={isNumber ? 'number' : undefined}
                  aria-sort={mine ? (mine.down ? 'descending' : 'ascending') : undefined}
                >
                  {sorts ? (
                    <button
                      type="button"
                      onClick={() => setOrder({ column, down: mine ? !mine.down : false })}
                    >
                      {name} <span aria-hidden="true">{mine ? (mine.down ? '↓' : '↑') : ''}</span>
                    </button>
                  ) : (
                    name
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, column) =>
                column === 0 ? (
                  <th key={head[column]} scope="row">
                    <Name>{cell.text}</Name>
                  </th>
                ) : (
                  <td key={head[column]} className={cell.value === undefined ? undefined : 'number'}>
                    {cell.text}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Numbers by size, the rest by their letters; what was not measured comes last, either way. */
function sorted(rows: readonly Row[], { column, down }: { column: number; down: boolean }): Row[] {
  return rows.toSorted((one, other) => {
    const [a, b] = [one.cells[column], other.cells[column]];
    const isMissing = Number.isNaN(a?.value ?? 0) ? 1 : 0;
    const isOtherMissing = Number.isNaN(b?.value ?? 0) ? 1 : 0;
    if (isMissing || isOtherMissing) return isMissing - isOtherMissing;
    const order =
      a?.value !== undefined && b?.value !== undefined
        ? a.value - b.value
        : (a?.text ?? '').localeCompare(b?.text ?? '');
    return down ? -order : order;
  });
}
