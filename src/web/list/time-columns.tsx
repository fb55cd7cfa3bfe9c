import { Lasted, When } from '../parts/words.tsx';

interface Timed {
  submittedAt: string;
  startedAt: string | null;
  endedAt: string | null;
}

/** Heads of the last columns of a list: when, how long, and what removes it. */
export function TimeHeads() {
  return (
    <>
      <th scope="col">Submitted</th>
      <th scope="col" className="number">
        Took
      </th>
      <th scope="col">
        <span className="hidden-visually">Delete</span>
      </th>
    </>
  );
}

/** The cells below the first two of them. */
export function TimeCells({ item }: { item: Timed }) {
  return (
    <>
      <td>
        <When at={item.submittedAt} />
      </td>
      <td className="number">
        <Lasted from={item.startedAt} to={item.endedAt} />
      </td>
    </>
  );
}
