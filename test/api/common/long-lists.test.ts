import { beforeEach, expect, jest, test } from '@jest/globals';
import { acceptedRecord, experimentRecord } from '../../support/documents.ts';
import { type Answer, type TestApi, testApi } from '../support/test-api.ts';

const at = (n: number) => new Date(Date.UTC(2026, 10, 1) + n * 1_000);
const recorded = (n: number) => `exp-${String(n).padStart(6, '0')}`;
const open = (n: number) => `open-${String(n).padStart(6, '0')}`;
const many = 10_000;

// Twenty thousand of them take their time where other tests run beside.
jest.setTimeout(60_000);

let api: TestApi;
let describes = 0;
beforeEach(async () => {
  api = testApi();
  for (let n = 0; n < many; n++) {
    await api.records.addExperiment(
      experimentRecord({
        id: recorded(n),
        submittedAt: at(n).toISOString(),
        outcome: n === 0 ? 'failed' : 'completed',
      }),
    );
    // Beyond the records in time, and unknown to storage.
    api.gateway.add(open(n), { startedAt: at(many + n) });
  }
  describes = 0;
  const describe = api.gateway.describe.bind(api.gateway);
  api.gateway.describe = (id) => {
    describes += 1;
    return describe(id);
  };
});

async function page(query: string, under = api): Promise<Answer> {
  const response = await under.get(`/api/experiments?${query}`);
  expect(response.status).toBe(200);
  return await response.json();
}

test('ten thousand that are open are all there, and none is looked up by itself', async () => {
  const under = testApi({ over: api, changesMs: 60_000 });
  let found = 0;
  let last: string | undefined;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { items, nextCursor }: Answer = await page(
      `open=true&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`,
      under,
    );
    found += items.length;
    last = items.at(-1)?.id;
    cursor = nextCursor;
  }
  expect([found, last]).toEqual([many, open(0)]);
  expect(describes).toBe(0);
});

test('a filter finds the oldest of all behind twenty thousand, on its first page', async () => {
  const { items, nextCursor } = await page('outcome=failed&limit=1');
  expect(items.map(({ id }) => id)).toEqual([recorded(0)]);
  expect(nextCursor).toBeNull();
});

test('what changes afterwards is seen: a start, a phase, an end, and an end without a record', async () => {
  expect((await page('limit=1')).items).toMatchObject([{ id: open(many - 1), phase: 'queued' }]);
  api.gateway.add('new-one', { startedAt: at(3 * many), phase: 'measuring' });
  expect((await page('limit=2')).items).toMatchObject([
    { id: 'new-one', phase: 'measuring' },
    { id: open(many - 1) },
  ]);
  const workflow = api.gateway.workflows.get('new-one');
  if (!workflow) throw new Error('it was added above');
  workflow.view = { ...workflow.view, status: 'completed', phase: 'closed' };
  await api.records.saveExperiment(
    experimentRecord({ id: 'new-one', runId: workflow.view.runId, submittedAt: at(3 * many).toISOString() }),
  );
  const first = api.gateway.workflows.get(open(0));
  if (!first) throw new Error('it was added above');
  first.view = { ...first.view, status: 'terminated', closedAt: at(4 * many) };
  expect((await page('limit=1')).items).toMatchObject([{ id: 'new-one', outcome: 'completed' }]);
  expect((await page('outcome=failed&limit=2')).items).toMatchObject([
    { id: open(0), phase: 'closed' },
    { id: recorded(0) },
  ]);
  expect(describes).toBeLessThan(20);
});

test('one that comes back under its id is open again, in its old place', async () => {
  await page('limit=1');
  api.gateway.add(recorded(5), { runId: 'second', startedAt: at(5 * many), phase: 'provisioning' });
  const { items } = await page('phase=provisioning');
  expect(items).toMatchObject([{ id: recorded(5), outcome: null, submittedAt: at(5).toISOString() }]);
});

test('while Temporal is away the last that was known is told, and all again once it is back', async () => {
  await page('limit=1');
  api.gateway.away = true;
  expect((await page('open=true&limit=1')).items).toMatchObject([{ id: open(many - 1) }]);
  api.gateway.away = false;
  api.gateway.workflows.delete(open(many - 1));
  expect((await page('open=true&limit=1')).items).toMatchObject([{ id: open(many - 2) }]);
});

test('one whose workflow Temporal has lost is looked at, and told as lost', async () => {
  await api.records.saveExperiment(
    acceptedRecord({ id: 'lost-one', submittedAt: at(6 * many).toISOString() }),
  );
  expect((await page('limit=1')).items).toMatchObject([
    { id: 'lost-one', phase: 'closed', outcome: 'failed' },
  ]);
});
