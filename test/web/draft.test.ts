import { describe, expect, test } from '@jest/globals';
import { type Draft, pointerInDraft, submissionOf, withValue } from '../../src/web/create/draft/draft.ts';
import { draftOf } from '../../src/web/create/draft/draft-of.ts';
import { placeInWords } from '../../src/web/create/draft/fault-words.ts';
import { faultWithin } from '../../src/web/create/draft/faults.ts';
import { keepDraft, keptDraft } from '../../src/web/create/draft/kept-draft.ts';
import { starters } from '../../src/web/create/draft/starters.ts';
import { freshName, withTechnology } from '../../src/web/create/draft/variants.ts';

const workload = { load: { shape: 'constant', messagesPerSecond: 100 } };
const nats = { name: 'NATS', technology: 'nats', target: 'local', settings: {} };
const draft: Draft = {
  name: 'mine',
  workload,
  requirements: [],
  variants: [nats, { ...nats, name: 'other' }],
  repetitions: 3,
};

test.each<[unknown, readonly (string | number)[], unknown, unknown]>([
  [{ a: { b: 1 } }, ['a', 'b'], 2, { a: { b: 2 } }],
  [{ a: { b: 1 } }, ['a', 'b'], undefined, { a: {} }],
  [{}, ['a', 'b'], 1, { a: { b: 1 } }],
  [{ a: [1, 2] }, ['a', 1], 3, { a: [1, 3] }],
])('%j with another value at %j', (document, path, value, expected) => {
  const before = structuredClone(document);
  expect(withValue(document, path, value)).toEqual(expected);
  expect(document).toEqual(before);
});

describe('what is sent', () => {
  test('of several variants is a comparison', () => {
    expect(submissionOf(draft)).toEqual({ kind: 'comparisons', document: draft });
  });

  test('of one that is run once, an experiment', () => {
    const { kind, document } = submissionOf({ ...draft, variants: [nats], repetitions: 1 });
    expect(kind).toBe('experiments');
    expect(document).toEqual({
      name: 'mine',
      technology: 'nats',
      target: 'local',
      settings: {},
      workload,
      requirements: [],
    });
  });

  test.each([
    ['repeated', { variants: [nats] }],
    [
      'with several values of a setting',
      { variants: [{ ...nats, sweep: { subjects: [1, 4] } }], repetitions: 1 },
    ],
  ])('of one %s, a comparison', (_, given) => {
    expect(submissionOf({ ...draft, ...given }).kind).toBe('comparisons');
  });
});

describe('a file', () => {
  test('comes back as it was', () => {
    expect(submissionOf(draftOf(draft)).document).toEqual(draft);
    const experiment = submissionOf({ ...draft, variants: [nats], repetitions: 1 }).document;
    expect(submissionOf(draftOf(experiment)).document).toEqual(experiment);
  });

  test('keeps what the form does not show, for the server to judge', () => {
    const more = { ...draft, region: 'eu-central-1', typo: 1 };
    expect(submissionOf(draftOf(more)).document).toEqual(more);
    const experiment = { ...submissionOf({ ...draft, variants: [nats], repetitions: 1 }).document, typo: 1 };
    expect(submissionOf(draftOf(experiment)).document).toEqual(experiment);
  });

  test('keeps what a variant has that the form does not show', () => {
    const typo = { ...draft, variants: [nats, { ...nats, name: 'other', setings: { replicas: 3 } }] };
    expect(submissionOf(draftOf(typo)).document).toEqual(typo);
    const [, only = nats] = typo.variants;
    const once = submissionOf(draftOf({ ...typo, variants: [only], repetitions: 1 }));
    expect([once.kind, once.document.setings]).toEqual(['experiments', { replicas: 3 }]);
  });

  test.each([
    [{ requirements: {} }, 'requirements must be a list'],
    [{ repetitions: '5' }, 'repetitions must be a number'],
    [{ workload: 'fast' }, 'workload must be an object'],
    [{ variants: [{ ...nats, settings: 'x' }] }, 'variants, item 1, settings must be an object'],
    [{ variants: [nats, 'nats'] }, 'variants, item 2 must be an object'],
    [{ name: 7 }, 'name must be a text, not 7.'],
    [{ requirements: ['p99 < 50'] }, 'requirements, item 1 must be an object, not "p99 < 50".'],
    [{ requirements: [{ metric: { a: 1 } }] }, 'requirements, item 1, metric must be a text'],
    [{ variants: [{ ...nats, sweep: { acks: 1 } }] }, 'variants, item 1, sweep, acks must be a list'],
    [{ variants: [{ ...nats, sweep: [] }] }, 'variants, item 1, sweep must be an object'],
    [{ workload: { load: 'fast' } }, 'workload, load must be an object'],
    [{ workload: { load: { shape: 1 } } }, 'workload, load, shape must be a text'],
    [{ workload: { load: { steps: {} } } }, 'workload, load, steps must be a list'],
    [{ workload: { load: { steps: [1] } } }, 'workload, load, steps, item 1 must be an object'],
    [{ workload: { keys: null } }, 'workload, keys must be an object, not null.'],
    [{ workload: { payload: [] } }, 'workload, payload must be an object'],
  ])('with %j is refused by its place', (given, message) => {
    expect(() => draftOf({ ...draft, ...given })).toThrow(message);
  });

  test.each([[null], [[1]], ['text']])('that holds %j is refused', (document) => {
    expect(() => draftOf(document)).toThrow('holds no experiment and no comparison');
  });

  test('without a technology is refused by its place', () => {
    expect(() => draftOf({ variants: [nats, { name: 'x' }] })).toThrow(
      'variants, item 2 names no technology.',
    );
  });
});

test.each([
  ['experiments', '/settings/subjects', '/variants/0/settings/subjects'],
  ['experiments', '/workload/load', '/workload/load'],
  ['comparisons', '/variants/1/settings', '/variants/1/settings'],
] as const)('a fault of %s at %s is at %s in the draft', (kind, pointer, expected) => {
  expect(pointerInDraft(kind, pointer)).toBe(expected);
});

test('a fresh name is nobody else’s', () => {
  expect(freshName('NATS', [nats, { ...nats, name: 'NATS 2' }])).toBe('NATS 3');
});

test('a free name stays as it is', () => {
  expect(freshName('Kafka', [nats])).toBe('Kafka');
});

const technologies = [
  { id: 'nats', label: 'NATS JetStream' },
  { id: 'kinesis', label: 'Kinesis' },
  { id: 'kafka', label: 'Kafka' },
];

test.each([
  ['NATS', 'nats', 'kinesis', 'Kinesis'],
  ['NATS JetStream', 'nats', 'kinesis', 'Kinesis'],
  ['Kafka 2', 'kafka', 'kinesis', 'Kinesis'],
  ['Kafka, acks 1', 'kafka', 'kinesis', 'Kinesis'],
  ['Kinesis', 'kinesis', 'kafka', 'Kafka 2'],
  ['Variant 2', 'kafka', 'kinesis', 'Kinesis'],
  ['', 'kafka', 'kinesis', 'Kinesis'],
  ['our broker', 'kafka', 'kinesis', 'our broker'],
])('“%s” of %s that becomes %s is called “%s”', (name, technology, to, expected) => {
  const variants = [
    { ...nats, name, technology, settings: { acks: 1 } },
    { ...nats, name: 'Kafka' },
  ];
  expect(withTechnology(variants, 0, to, technologies)).toEqual({
    name: expected,
    technology: to,
    target: 'local',
    settings: {},
  });
});

describe('what is kept while the tab lives', () => {
  const storage = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as Storage;
  };

  test.each([
    ['several variants', { ...draft, others: { region: 'x' }, seed: 7 }],
    ['one that is run once', { ...draft, variants: [nats], repetitions: 1 }],
    ['numbers that are being typed', { ...draft, repetitions: '2,5' as unknown as number }],
    ['a sweep', { ...draft, variants: [{ ...nats, sweep: { subjects: [1, 'x'] } }] }],
    ...starters.map(({ title, draft: begun }) => [title, begun] as const),
  ])('%s come back as they were', (_, given) => {
    const place = storage();
    keepDraft('/api/x', given, place);
    expect(keptDraft('/api/x', place)).toEqual(given);
    expect(keptDraft(null, place)).toBeNull();
  });

  test.each([['not JSON'], ['null'], ['{"variants":{}}'], ['{"variants":[1]}']])('%s is none', (text) => {
    const place = storage();
    place.setItem('comparator-draft ', text);
    expect(keptDraft(null, place)).toBeNull();
  });

  test('where nothing can be kept nothing fails', () => {
    const place = {
      setItem() {
        throw new Error('full');
      },
    } as unknown as Storage;
    expect(() => keepDraft(null, draft, place)).not.toThrow();
  });
});

test.each([
  ['', 'The whole'],
  ['/name', 'Name'],
  ['/variants', 'Variants'],
  ['/variants/1', 'Variant 2, other'],
  ['/variants/0/technology', 'Variant 1, NATS: technology'],
  ['/variants/0/settings/maxAgeSeconds', 'Variant 1, NATS: max age, seconds'],
  ['/variants/9/sweep/acks/1', 'Variant 10: acks 2'],
  ['/requirements/0/atMost', 'Requirement 1: at most'],
  ['/workload/load/messagesPerSecond', 'Load: messages/s'],
  ['/workload/load/steps/0/seconds', 'Load: steps 1 seconds'],
  ['/region', 'Region'],
])('a fault at %s is at “%s”', (pointer, expected) => {
  expect(placeInWords(pointer, draft)).toBe(expected);
});

test('a fault in a part of a value is told at the value', () => {
  const faults = new Map([
    ['/a/1', 'is wrong'],
    ['/ab', 'is too'],
  ]);
  expect(faultWithin(faults, ['a'])).toBe('1 is wrong');
  expect(faultWithin(faults, ['ab'])).toBe('is too');
  expect(faultWithin(faults, ['b'])).toBeUndefined();
});
