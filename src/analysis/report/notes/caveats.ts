import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Clients } from '../../../contracts/documents/load-parts.ts';
import { differenceNotes, promiseInWords } from '../../plan/guarantees.ts';
import { productInWords } from '../conditions/conditions.ts';
import { requirementsInWords } from '../verdict-words.ts';
import { namesInWords } from './names-in-words.ts';

/** Something by which columns cannot simply be set side by side where it differs. */
interface Aspect {
  /** What it is in a column, in words; null where that is not known. */
  of: (column: ReportColumn) => string | null;
  /** What it means that it differs. */
  means: string;
}

const requirements: Aspect = {
  of: requirementsInWords,
  means: 'The requirements differ, so that none is advised.',
};

const circumstances: Aspect[] = [
  {
    of: ({ workload }) => workload,
    means: 'The loads differ, so the numbers are not of one question.',
  },
  {
    of: ({ target }) => target,
    means:
      'The targets differ: what runs on this machine shares it with the load generators, and a cluster of your own, or what AWS runs, has machines, load and a network of its own.',
  },
  {
    of: ({ emulated }) => (emulated ? 'EMULATED' : 'the product itself'),
    means: 'Some are emulated and others are not: their speeds are not to be compared.',
  },
  {
    of: ({ machine }) => machine,
    means: 'The machines differ, and so may the numbers for that alone.',
  },
  {
    of: ({ clients }) => clients && clientsInWords(clients),
    means: 'The clients differ, and what they take is in the numbers.',
  },
  {
    of: ({ comparatorVersion }) => comparatorVersion,
    means: 'The comparators that measured are of different versions, and may measure differently.',
  },
];

const product: Aspect = {
  of: ({ productName }) => productName,
  means: 'The versions of the product differ.',
};

const guarantee: Aspect = {
  of: ({ guarantee: promised }) => promised && promiseInWords(promised),
  means: 'What an acknowledgement guarantees differs.',
};

/** By what an earlier and a later report of one document may differ, so that a change need not be the product's. */
export const aspectsOfChange: readonly Aspect[] = [...circumstances, product, guarantee];

/** Why the columns of a report cannot simply be set side by side, a sentence each. */
export function caveatsOf(columns: readonly ReportColumn[]): string[] {
  const measured = columns.filter(({ measurement }) => measurement !== null);
  if (measured.length < 2) return [];
  const required = measured.filter((column) => requirementsInWords(column) !== null);
  const byTechnology = Map.groupBy(measured, ({ technology }) => technology);
  return [
    ...differing(requirements, required),
    ...circumstances.flatMap((aspect) => differing(aspect, measured)),
    // Of different technologies they do in any case.
    ...[...byTechnology.values()].flatMap((alike) => differing(product, alike)),
    ...differenceNotes(
      measured.flatMap(({ label: name, guarantee: promised }) =>
        promised ? [{ name, guarantee: promised }] : [],
      ),
    ),
  ];
}

/** What it means that columns differ in something, and which of them are what; nothing where they do not. */
function differing({ of, means }: Aspect, columns: readonly ReportColumn[]): string[] {
  const by = Map.groupBy(columns, of);
  if (by.size < 2) return [];
  const told = [...by].map(
    ([words, alike]) => `${namesInWords(alike.map(({ label }) => label))}: ${words ?? 'not known'}`,
  );
  return [`${means} ${told.join('; ')}.`];
}

/** Both, or one where it sends and receives. */
function clientsInWords({ producer, consumer }: Clients): string {
  const [sends, receives] = [productInWords(producer), productInWords(consumer)];
  return sends === receives ? sends : `${sends} and ${receives}`;
}
