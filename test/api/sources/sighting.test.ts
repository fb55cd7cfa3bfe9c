import { expect, test } from '@jest/globals';
import { isOpen, sight } from '../../../src/api/sources/sighting.ts';
import type { DescribedWorkflow } from '../../../src/api/sources/temporal-gateway.ts';
import { FakeGateway } from '../support/fake-gateway.ts';

test.each<[DescribedWorkflow['status'], boolean]>([
  ['running', true],
  ['completed', false],
  ['failed', false],
  ['cancelled', false],
  ['terminated', false],
  ['timed-out', false],
])('a workflow that is %s is open: %s', async (status, open) => {
  const gateway = new FakeGateway();
  const { view } = gateway.add('exp-0001', { status });
  const sighting = await sight(gateway, 'exp-0001', 'experiment');
  expect(sighting).toEqual({ kind: 'seen', workflow: view });
  expect(isOpen(sighting)).toBe(open);
});

test('one that Temporal does not know, or knows as another kind, is absent and not open', async () => {
  const gateway = new FakeGateway();
  gateway.add('cmp-0001', { type: 'comparison' });
  for (const id of ['exp-0001', 'cmp-0001']) {
    const sighting = await sight(gateway, id, 'experiment');
    expect(sighting).toEqual({ kind: 'absent' });
    expect(isOpen(sighting)).toBe(false);
  }
});

test('where Temporal does not answer, every workflow counts as open', async () => {
  const gateway = new FakeGateway();
  gateway.away = true;
  const sighting = await sight(gateway, 'exp-0001', 'experiment');
  expect(sighting).toEqual({ kind: 'unreachable' });
  expect(isOpen(sighting)).toBe(true);
});

test('a fault of ours is not taken for a server that is away', async () => {
  const gateway = new FakeGateway();
  gateway.describe = () => Promise.reject(new Error('broken'));
  await expect(sight(gateway, 'exp-0001', 'experiment')).rejects.toThrow('broken');
});
