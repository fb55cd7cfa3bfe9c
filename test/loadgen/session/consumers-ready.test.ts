import { describe, expect, test } from '@jest/globals';
import { coversAll } from '../../../loadgen/session/consumers-ready.ts';

describe('consumers', () => {
  test.each([
    { assignments: [[0, 1], [2]], total: 3, covers: true, when: 'each partition has one reader' },
    { assignments: [[0, 1, 2], []], total: 3, covers: true, when: 'one of them has nothing to read' },
    { assignments: [[0, 1, 2], null], total: 3, covers: false, when: 'one of them has not joined' },
    { assignments: [[0, 1, 2], [2]], total: 3, covers: false, when: 'two believe to read the same' },
    { assignments: [[0], [1]], total: 3, covers: false, when: 'nobody reads one' },
  ])('are ready: $covers, when $when', ({ assignments, total, covers }) => {
    expect(coversAll(assignments, total)).toBe(covers);
  });
});
