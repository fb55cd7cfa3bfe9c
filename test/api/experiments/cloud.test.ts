import { beforeEach, expect, test } from '@jest/globals';
import type { KnownCloud } from '../../../src/analysis/plan/cloud.ts';
import { type TestApi, testApi } from '../support/test-api.ts';

const cloud: KnownCloud = { regions: ['eu-central-1'], region: 'eu-central-1', problem: null };
const document = {
  name: 'a stream',
  technology: 'kinesis',
  target: 'aws',
  workload: { load: { shape: 'constant', messagesPerSecond: 100 } },
};
let api: TestApi;
beforeEach(() => {
  api = testApi({ cloud });
});

async function refusal(path: string, body: object): Promise<unknown> {
  const response = await api.post(path, body);
  expect(response.status).toBe(422);
  expect(api.gateway.starts).toEqual([]);
  return (await response.json()).errors;
}

test('an installation without an account refuses the target, dry run or not', async () => {
  api = testApi();
  const errors = [{ pointer: '/target', detail: expect.stringContaining('aws is not set up here') }];
  expect(await refusal('/api/experiments', document)).toEqual(errors);
  expect(await refusal('/api/experiments?dryRun=true', document)).toEqual(errors);
});

test('one with an account starts it, and says before what it may cost', async () => {
  const dry = await api.post('/api/experiments?dryRun=true', document);
  expect(await dry.json()).toMatchObject({
    spec: { target: 'aws', budget: { maxCostUsd: 10, maxMinutes: 120 } },
    expected: { costUsd: expect.any(Number), costReason: expect.stringContaining('4 shard-hour × $0.015') },
  });
  expect((await api.post('/api/experiments', document)).status).toBe(202);
  expect(api.gateway.starts).toMatchObject([{ attributes: { technology: 'kinesis', target: 'aws' } }]);
});

test('a region and a budget that do not do are refused where they stand', async () => {
  expect(await refusal('/api/experiments', { ...document, region: 'us-east-1' })).toMatchObject([
    { pointer: '/region' },
  ]);
  const comparison = {
    name: 'both',
    workload: document.workload,
    budget: { maxCostUsd: 0.1 },
    variants: [{ name: 'there', technology: 'kinesis', target: 'aws' }],
  };
  expect(await refusal('/api/comparisons', comparison)).toEqual([
    { pointer: '/budget/maxCostUsd', detail: expect.stringMatching(/more than the \$0\.10 .*shard-hour/) },
  ]);
});

test('what waits there has a queue of its own', async () => {
  const answer = await api.get('/api/queue');
  const { targets } = (await answer.json()) as unknown as { targets: { target: string }[] };
  expect(targets.map(({ target }) => target).sort()).toEqual(['aws', 'local']);
});
