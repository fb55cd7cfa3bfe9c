import { describe, expect, test } from '@jest/globals';
import { readResult } from '../../../activities/control/results.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { experimentDocument } from '../../support/documents.ts';
import { consumePart, producePart } from '../../support/load-parts.ts';
import { memoryStore } from '../../support/memory-store.ts';

async function resultOf(parts: Record<string, unknown>) {
  const store = memoryStore();
  await Promise.all(Object.entries(parts).map(([key, part]) => store.putJson(key, part)));
  return readResult(store, {
    experimentId: 'experiment-1',
    runId: 'run',
    spec: experimentSchema.parse(experimentDocument),
    timeline: [],
    restarts: 0,
    partial: false,
    partKeys: ['produced', 'consumed'],
    provisioned: null,
    opened: [],
    capacity: null,
    failure: null,
  });
}

describe('the result of what lies in the bucket', () => {
  test('is made of the parts', async () => {
    const { document } = await resultOf({ produced: producePart({}), consumed: consumePart({}) });
    expect(document.measurement?.messages).toMatchObject({ acknowledged: 100, received: 100 });
  });

  test('needs every part', async () => {
    await expect(resultOf({ produced: producePart({}) })).rejects.toThrow(
      /^the load generator's part consumed is not in bucket /,
    );
  });

  test('is not made of what is no part, and says where it lies and what is wrong', async () => {
    const consumed = { ...consumePart({}), received: 'many' };
    await expect(resultOf({ produced: producePart({}), consumed })).rejects.toThrow(
      /^the load generator's part consumed is not one: .*expected number, received string.*at received$/s,
    );
  });
});
