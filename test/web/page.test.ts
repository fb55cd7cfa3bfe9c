import { afterEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { violations } from './support/axe.ts';
import { type Browsing, pressAndConfirm } from './support/browsing.ts';
import { pageOfFile } from './support/page-of-file.ts';

let stack: TestStack;
let browsing: Browsing;

pageOfFile((parts) => {
  ({ stack, browsing } = parts);
});
afterEach(() => expect(browsing.problems()).toEqual([]));

const open: Browsing['open'] = (path, options) => browsing.open(path, options);

async function closed(page: Page): Promise<void> {
  await page.context().close();
}

const small = {
  name: 'NATS, kept in memory or in a file',
  workload: {
    load: { shape: 'constant', messagesPerSecond: 500 },
    warmupSeconds: 1,
    maxWarmupSeconds: 1,
    durationSeconds: 3,
  },
  requirements: [{ metric: 'messages.lost', atMost: 0 }],
  variants: [
    { name: 'in memory', technology: 'nats', settings: { storage: 'memory' } },
    { name: 'in a file', technology: 'nats', settings: { storage: 'file' } },
  ],
};

async function comparisonDetail(
  id: string,
): Promise<{ outcome: string | null; variants: { experimentId: string }[] }> {
  return (await (await stack.call('GET', `/api/comparisons/${id}`)).json()) as never;
}

test('a comparison of two variants is made with the form alone, watched, and read', async () => {
  const page = await open('/new');
  await page.getByRole('region', { name: 'Name and repetitions' }).getByLabel('Name').fill(small.name);
  await page.getByRole('textbox', { name: 'Repetitions' }).fill('1');
  await page.getByLabel('Messages/s').fill('500');
  await page.getByLabel('Warmup, seconds', { exact: true }).fill('1');
  await page.getByLabel('Max warmup, seconds').fill('1');
  await page.getByLabel('Duration, seconds').fill('3');
  // How fast this machine is now is not what is tried.
  await page.getByLabel('Requirement 1: value').fill('60000');
  for (const number of [1, 2]) {
    const variant = page
      .getByRole('group', { name: new RegExp(`^Variant ${number}:`) })
      .or(page.getByRole('region', { name: new RegExp(`^Variant ${number}:`) }));
    await variant.getByLabel('Technology').selectOption('nats');
    await variant.getByLabel('Storage', { exact: true }).selectOption(number === 1 ? 'memory' : 'file');
    await variant.getByLabel('Name').fill(number === 1 ? 'in memory' : 'in a file');
  }
  const start = page.getByRole('button', { name: 'Start', exact: true });
  await until('the form to be valid', () => start.isEnabled());
  await start.click();
  await page.waitForURL(/\/comparisons\/[a-z0-9]+$/);
  const id = page.url().split('/').at(-1) as string;
  await page.getByRole('heading', { level: 1, name: small.name }).waitFor();
  await until('the comparison to end', async () => (await comparisonDetail(id)).outcome !== null, {
    timeoutMs: 180_000,
  });
  await page.getByText('Latency by percentile').waitFor();
  await page.getByText('meets the requirements').first().waitFor();
  await closed(page);
});

test('a bad value is refused at its field, and nothing starts', async () => {
  const page = await open('/new');
  await page.getByLabel('Messages/s').fill('-5');
  const field = page.getByLabel('Messages/s');
  await until('the fault', async () => (await field.getAttribute('aria-invalid')) === 'true');
  expect(await page.getByRole('button', { name: 'Start', exact: true }).isEnabled()).toBe(false);
  await closed(page);
});

test('an experiment that runs is cancelled by its button, once confirmed', async () => {
  const id = await stack.submit({
    name: '<b>one to cancel</b>',
    technology: 'nats',
    workload: {
      load: { shape: 'constant', messagesPerSecond: 100 },
      warmupSeconds: 1,
      maxWarmupSeconds: 1,
      durationSeconds: 600,
    },
  });
  await stack.untilPhase(id, 'measuring');
  const page = await open(`/experiments/${id}`);
  // A name is text, whatever it holds.
  expect(await page.locator('h1').first().textContent()).toBe('<b>one to cancel</b>');
  await pressAndConfirm(page, /^Stop the run/);
  expect((await stack.untilPhase(id, 'closed')).outcome).toBe('cancelled');
  await page.getByText('cancelled').first().waitFor();

  // A file that is not to be had is said, at its button.
  await page.route('**/log', (route) =>
    route.fulfill({ status: 500, json: { title: 'Broken', status: 500 } }),
  );
  await page.getByRole('button', { name: 'Download the whole log' }).click();
  await page.getByText('Download the whole log: 500 Broken').waitFor();
  await page.unroute('**/log');
  expect(browsing.problems().filter((one) => !one.includes('status of 500'))).toEqual([]);

  await pressAndConfirm(page, /^Run again$/);
  await page.waitForURL((url) => !url.pathname.endsWith(id));
  const again = page.url().split('/').at(-1) as string;
  await pressAndConfirm(page, /^Stop the run/);
  expect((await stack.untilPhase(again, 'closed')).outcome).toBe('cancelled');
  await closed(page);
});

test('nothing in any view is hard to use, in either scheme', async () => {
  const answer = await stack.call('POST', '/api/comparisons', small);
  const { id } = (await answer.json()) as { id: string };
  await until('the comparison to end', async () => (await comparisonDetail(id)).outcome !== null, {
    timeoutMs: 180_000,
  });
  const experiment = (await comparisonDetail(id)).variants[0]?.experimentId;
  const found: Record<string, string[]> = {};
  for (const path of [
    '/',
    '/?show=experiments',
    '/new',
    `/comparisons/${id}`,
    `/experiments/${experiment}`,
  ]) {
    const page = await open(path);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      found[`${path.replace(id, 'ID')} ${colorScheme}`] = await violations(page);
    }
    await closed(page);
  }
  expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))).toEqual({});
});

test('what is not there says so below a heading, and leads back to the list', async () => {
  for (const path of ['/experiments/none', '/comparisons/none', '/new?experiment=none']) {
    const page = await open(path);
    await page.getByRole('link', { name: 'All experiments and comparisons' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await closed(page);
  }
  expect(browsing.problems().filter((one) => !one.includes('status of 404'))).toEqual([]);
}, 60_000);

test('the percentiles of a part of the time are told, and follow where it is moved', async () => {
  const id = await stack.submit({
    ...small.variants[0],
    workload: { ...small.workload, maxWarmupSeconds: 1, durationSeconds: 12 },
  });
  await stack.untilPhase(id, 'closed');
  const page = await open(`/experiments/${id}`);
  await page.getByRole('button', { name: 'Look at a part of the time' }).click();
  const from = page.getByRole('slider', { name: /From/ });
  await from.waitFor();
  const messages = page.locator('.slider + dl dd').first();
  await until('all messages', async () => (await messages.textContent()) === '6,000');
  await from.focus();
  await page.keyboard.press('ArrowRight');
  await page
    .getByText(/end to end, 5 to \d+ s/)
    .first()
    .waitFor();
  await until('fewer messages', async () => (await messages.textContent()) !== '6,000');
  expect(await violations(page)).toEqual([]);
  await closed(page);
}, 120_000);

test('a ladder shows latency against load, with its knee', async () => {
  const id = await stack.submit({
    ...small.variants[0],
    name: 'unbroken'.repeat(12),
    workload: {
      load: { shape: 'ladder', ratesMessagesPerSecond: [200, 400] },
      warmupSeconds: 1,
      durationSeconds: 2,
    },
  });
  await stack.untilPhase(id, 'closed');
  const page = await open(`/experiments/${id}`);
  await page.getByRole('heading', { name: 'Latency against load' }).waitFor();
  await page.getByRole('img', { name: /p99 end to end against load\. .* at 200\/s/ }).waitFor();
  await page.getByRole('heading', { name: 'What the product used' }).waitFor();
  expect(await violations(page)).toEqual([]);
  // Nothing is wider than a telephone, whatever things are called.
  await page.setViewportSize({ width: 390, height: 800 });
  await until('a page as wide as its window', () =>
    page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth'),
  );
  await closed(page);
}, 120_000);

test('the report as HTML opens by itself, without the service', async () => {
  const experiment = await stack.submit({
    ...small.variants[0],
    workload: small.workload,
    requirements: small.requirements,
  });
  await stack.untilPhase(experiment, 'closed');
  const html = await (
    await stack.call('GET', `/api/report?experiment=${experiment}`, undefined, { accept: 'text/html' })
  ).text();
  const context = await browsing.browser.newContext({ offline: true });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.setContent(html);
  await page.getByText('Latency by percentile').waitFor();
  for (const name of ['log', 'endToEnd.hgrm']) {
    const address = await page.getByRole('link', { name, exact: true }).getAttribute('href');
    expect((await fetch(address ?? '')).status).toBe(200);
  }
  expect(errors).toEqual([]);
  await context.close();
});
