import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { openSummaries } from '../../../src/api/common/summary-file.ts';
import { type SummaryFilter, SummaryTable } from '../../../src/api/common/summary-table.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';

const itemSchema = z.object({
  id: z.string(),
  submittedAt: z.string(),
  endedAt: z.string().nullable(),
  name: z.string(),
  technology: z.string(),
  state: z.enum(['waiting', 'active', 'closed']),
});
type Item = z.infer<typeof itemSchema>;

function table() {
  const none = { target: null, phase: null, outcome: null, comparison: null };
  return new SummaryTable<Item>(
    openSummaries(null, 'a test', (reason) => {
      throw reason;
    }),
    {
      schema: itemSchema,
      facetsOf: ({ state, technology, name }) => ({ ...none, state, technology, name }),
    },
  );
}

const placeOf = ({ id, submittedAt }: Item) =>
  s3Keys.index('experiments', new Date(submittedAt), id).slice('index/experiments/'.length);

/** Several of a second, since their order is then that of their ids. */
const items: Item[] = Array.from({ length: 500 }, (_, n) => ({
  id: `exp-${(n * 7919) % 500}`,
  submittedAt: new Date(Date.UTC(2026, 10, 1) + Math.floor(n / 3) * 1_000).toISOString(),
  endedAt: n % 4 === 0 ? new Date(Date.UTC(2026, 10, 2, n % 24)).toISOString() : null,
  name: n % 5 === 0 ? `Über ${n} 50% of _all` : `number ${n}`,
  technology: ['kafka', 'nats', 'kinesis'][n % 3] as string,
  state: (['waiting', 'active', 'closed', 'closed'] as const)[n % 4] as Item['state'],
}));

const filters: [string, SummaryFilter, (item: Item) => boolean][] = [
  ['nothing', {}, () => true],
  ['open ones', { open: true }, ({ state }) => state !== 'closed'],
  [
    'closed ones of one technology',
    { open: false, technology: 'nats' },
    (item) => item.state === 'closed' && item.technology === 'nats',
  ],
  ['a part of the name in any case', { name: 'ÜBER 1' }, ({ name }) => name.startsWith('Über 1')],
  [
    'signs that a pattern would take for its own',
    { name: '50% of _' },
    ({ name }) => name.startsWith('Über'),
  ],
  [
    'a part of a name and a technology',
    { name: 'number 1', technology: 'kafka' },
    (item) => item.name.startsWith('number 1') && item.technology === 'kafka',
  ],
  ['what there is none of', { technology: "x' OR 1=1 --" }, () => false],
];

test.each(filters)('pages by %s are those of a plain filter over all, in order', (_, filter, matches) => {
  const under = table();
  for (const item of items) under.set(item);
  const expected = items.filter(matches).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  for (const limit of [1, 7, 100]) {
    const found: Item[] = [];
    let cursor: string | undefined;
    do {
      const page = under.page({ limit, filter, cursor });
      expect(page.beyond === null).toBe(page.nextCursor === null);
      found.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(expected);
    if (limit === 1 && expected.length > 100) break;
  }
});

test('tells what is open, what is beyond the queue, and what ended before', () => {
  const under = table();
  for (const item of items) under.set(item);
  const idsOf = (...states: string[]) =>
    items.filter(({ state }) => states.includes(state)).map(({ id }) => id);
  expect(under.openIds().sort()).toEqual(idsOf('waiting', 'active').sort());
  expect(under.activeIds().sort()).toEqual(idsOf('active').sort());
  const instant = '2026-11-01T00:02:00.000Z';
  const before = items.filter(
    ({ state, endedAt, submittedAt }) => state === 'closed' && (endedAt ?? submittedAt) < instant,
  );
  expect(under.endedBefore(instant).sort()).toEqual(before.map(({ id }) => id).sort());
  expect(before.length).toBeGreaterThan(10);
});

test('a page of the index takes its place: what is new, what is another, and what is gone', () => {
  const under = table();
  const [a, b, c, d] = items.slice(0, 4) as [Item, Item, Item, Item];
  const entry = (summary: Item, etag: string) => ({ place: placeOf(summary), etag, summary });
  under.takePage({ changed: [a, b, c].map((one) => entry(one, '1')), same: [], through: null, read: 3 }, '');
  // Known by its workflow alone: nothing in storage says that it is gone.
  under.set(d);
  under.set({ ...a, name: 'by its workflow' });
  under.takePage(
    { changed: [entry({ ...b, name: 'changed' }, '2')], same: [placeOf(a)], through: null, read: 1 },
    '',
  );
  expect(under.get(a.id)?.name).toBe('by its workflow');
  expect(under.get(b.id)?.name).toBe('changed');
  expect(under.get(c.id)).toBeUndefined();
  expect(under.get(d.id)).toEqual(d);
  expect([...under.tagsAt(items.map(placeOf)).entries()].sort()).toEqual(
    [
      [placeOf(a), '1'],
      [placeOf(b), '2'],
    ].sort(),
  );
});

test('a page of the index says nothing of what lies beyond it', () => {
  const under = table();
  const inOrder = items.slice(0, 9).sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const entries = inOrder.map((summary) => ({ place: placeOf(summary), etag: '1', summary }));
  under.takePage({ changed: entries, same: [], through: null, read: 9 }, '');
  const [first, , third] = entries;
  under.takePage({ changed: [], same: [], through: third?.place ?? null, read: 0 }, first?.place ?? '');
  expect(under.page({ limit: 100, filter: {} }).items).toEqual([inOrder[0], ...inOrder.slice(3)]);
});
