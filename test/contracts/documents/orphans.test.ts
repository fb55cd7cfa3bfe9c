import { expect, test } from '@jest/globals';
import { orphansSchema } from '../../../src/contracts/documents/orphans.ts';

test('an orphan that stands says since when, and why', () => {
  const orphan = {
    experimentId: 'left-1',
    foundAt: '2026-11-26T20:00:00.000Z',
    result: 'needs-operator',
    message: 'The bucket has no record of it.',
    items: [{ kind: 'stream', name: 'cmp-1-left-1', description: 'Kinesis stream' }],
  };
  const report = { checkedAt: '2026-11-26T20:02:00.000Z', orphans: [orphan] };
  expect(orphansSchema.parse(report)).toEqual(report);
  const { foundAt: _, ...without } = orphan;
  expect(orphansSchema.safeParse({ ...report, orphans: [without] }).success).toBe(false);
});
