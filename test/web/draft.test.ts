import { describe, expect, test } from '@jest/globals';
import {
  type Draft,
  draftOf,
  freshName,
  pointerInDraft,
  submissionOf,
  withValue,
} from '../../src/web/create/draft.ts';

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
    [{ requirements: {} }, 'no list at /requirements'],
    [{ repetitions: '5' }, 'no number at /repetitions'],
    [{ workload: 'fast' }, 'no object at /workload'],
    [{ variants: [{ ...nats, settings: 'x' }] }, 'no object at /variants/0/settings'],
    [{ variants: [nats, 'nats'] }, 'no object at /variants/1'],
    [{ name: 7 }, 'no text at /name'],
  ])('with %j is refused by its place', (given, message) => {
    expect(() => draftOf({ ...draft, ...given })).toThrow(message);
  });

  test.each([[null], [[1]], ['text']])('that holds %j is refused', (document) => {
    expect(() => draftOf(document)).toThrow('holds no experiment and no comparison');
  });

  test('without a technology is refused by its place', () => {
    expect(() => draftOf({ variants: [nats, { name: 'x' }] })).toThrow('/variants/1/technology');
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
