import { useState } from 'react';
import { Name } from '../parts/name.tsx';
import { stretchesOf } from './stretches.ts';

interface ValuesProps {
  title: string;
  names: readonly string[];
  /** Seconds, then the values of each name. */
  data: readonly ArrayLike<number | null | undefined>[];
  text: (value: number) => string;
}

/** What a chart draws as a table, for those who do not see it or have no pointer; made once it is opened. */
export function ValuesTable({ title, names, data, text }: ValuesProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="small" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`${title}: its values as a table`}>Values</summary>
      {isOpen && <Rows title={title} names={names} data={data} text={text} />}
    </details>
  );
}

function Rows({ title, names, data, text }: ValuesProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll values" aria-label={`${title}, values`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Second</th>
            {names.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names may be alike, and keep their places
              <th key={index} scope="col" className="number">
                <Name>{name}</Name>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stretchesOf(data).map(({ from, until, ranges }) => (
            <tr key={from}>
              <th scope="row">{from === until ? from : `${from} to ${until}`}</th>
              {ranges.map((range, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={index} className="number">
                  {range === null ? '–' : [...new Set(range.map(text))].join(' to ')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
