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
      <th scope="col" className="wide-only">
        Submitted
      </th>
      <th scope="col" className="number wide-only">
        Took
      </th>
      <th scope="col">
        <span className="hidden-visually">Delete</span>
      </th>
    </>
  );
}

/** When it was submitted, below its name, where a narrow screen has no column for it. */
export function WhenOfName({ item }: { item: Timed }) {
  return (
    <div className="narrow-only soft small">
      <When at={item.submittedAt} />
    </div>
  );
}

/** The cells below the first two of them. */
export function TimeCells({ item }: { item: Timed }) {
  return (
    <>
      <td className="wide-only">
        <When at={item.submittedAt} />
      </td>
      <td className="number wide-only">
        <Lasted from={item.startedAt} to={item.endedAt} />
      </td>
    </>
  );
}
