import { beforeAll, describe, expect, test } from '@jest/globals';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { lockObject } from '../faults/cells/lock-faults.ts';
import { nothing, testStore } from '../support/oracles.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { violations } from './support/axe.ts';
import { type Browsing, browse, buildPage, pressAndConfirm } from './support/browsing.ts';
import { pageOfFile } from './support/page-of-file.ts';

beforeAll(() => buildPage());

function nats(durationSeconds: number) {
  const load = { shape: 'constant', messagesPerSecond: 200 };
  const workload = { load, warmupSeconds: 1, maxWarmupSeconds: 1, durationSeconds };
  return { name: 'in trouble', technology: 'nats', workload };
}

describe('with a stack', () => {
  let stack: TestStack;
  let browsing: Browsing;
  pageOfFile((parts) => {
    ({ stack, browsing } = parts);
  });

  test('a page that is open while the server is restarted goes on to the result', async () => {
    const id = await stack.submit(nats(20));
    await stack.untilPhase(id, 'measuring');
    const page = await browsing.open(`/experiments/${id}`);
    const { pid } = stack.stack.description.api;
    process.kill(pid as number, 'SIGKILL');
    await until('another server', async () => {
      const now = stack.stack.description.api.pid;
      return now !== pid && (await stack.call('GET', '/readyz').catch(() => null))?.status === 200;
    });
    await page.getByText('Latency by percentile').waitFor({ timeout: 120_000 });
    expect((await stack.untilPhase(id, 'closed')).outcome).toBe('completed');
    // What it says of a server that is away is no fault of the page.
    expect(browsing.problems().filter((one) => !/ERR_|Failed to load resource/.test(one))).toEqual([]);
    await page.context().close();
  }, 180_000);

  test('what needs a person says why, and goes on by a button', async () => {
    const id = await stack.submit(nats(600));
    await stack.untilPhase(id, 'measuring');
    const lock = lockObject(id, new Date());
    await testStore(stack.stack.description.aws).putJson(s3Keys.terraformLock(id), lock);
    await stack.cancel(id);
    const page = await browsing.open(`/experiments/${id}`);
    await stack.untilPhase(id, 'needs-operator');
    await page.getByRole('heading', { name: /It needs you/ }).waitFor({ timeout: 60_000 });
    await page.getByText(lock.ID).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(new URL('/', stack.stack.description.api.url).href);
    await page.getByText('needs').first().waitFor();
    await page.goBack();
    await pressAndConfirm(page, /^Confirm that the lock may be broken/);
    await stack.untilPhase(id, 'closed');
    await page.getByText('cancelled').first().waitFor({ timeout: 30_000 });
    expect(await stack.remains()).toEqual(nothing);
    // While a try goes on no other is taken, and the page asks again.
    expect(browsing.problems().filter((one) => !one.includes('status of 409'))).toEqual([]);
    await page.context().close();
  }, 900_000);
});

test('where a key is needed the page asks for it, and sends it with every call', async () => {
  const stack = await startTestStack(() => {}, { COMPARATOR_API_KEYS: 'open-sesame-open-sesame' });
  const browsing = await browse(() => stack.stack.description.api.url);
  try {
    const page = await browsing.open('/');
    const key = page.getByLabel('API key', { exact: true });
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page)).toEqual([]);
    await key.fill('schlüssel');
    await page.getByRole('button', { name: 'Use this key' }).click();
    await page.getByText('a letter that no key has').waitFor();
    await key.fill('wrong-wrong-wrong-wrong');
    await page.getByRole('button', { name: 'Use this key' }).click();
    await page.getByText('The key given before was refused.').waitFor();
    await key.fill('open-sesame-open-sesame');
    await page.getByRole('button', { name: 'Use this key' }).click();
    await page.getByRole('heading', { name: 'Results' }).waitFor();
    await page.getByRole('button', { name: 'Change the key' }).click();
    await page.getByRole('button', { name: 'Keep the present one' }).click();
    await page.getByRole('heading', { name: 'Results' }).waitFor();
    const answer = await fetch(new URL('/api/experiments', stack.stack.description.api.url), {
      method: 'POST',
      headers: {
        authorization: 'Bearer open-sesame-open-sesame',
        'content-type': 'application/json',
      },
      body: JSON.stringify(nats(600)),
    });
    const { id } = (await answer.json()) as { id: string };
    // Its state comes by the event stream, which takes the key as well.
    await page.goto(new URL(`/experiments/${id}`, stack.stack.description.api.url).href);
    await page.getByText('measuring').first().waitFor({ timeout: 60_000 });
    await page.getByText(/^submitted .* by key-1$/).waitFor();
    await pressAndConfirm(page, /^Stop the run/);
    await page.getByText('cancelled').first().waitFor({ timeout: 60_000 });
    await page.getByText(/^stopped .* by key-1$/).waitFor();
    expect(browsing.problems().filter((one) => !one.includes('status of 401'))).toEqual([]);
    await page.context().close();
  } finally {
    await browsing.end();
    await stack.end();
  }
}, 180_000);
