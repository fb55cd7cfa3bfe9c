import { afterEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import type { Browsing } from './support/browsing.ts';
import { pageOfFile } from './support/page-of-file.ts';

let stack: TestStack;
let browsing: Browsing;

pageOfFile((parts) => {
  ({ stack, browsing } = parts);
});
afterEach(() => expect(browsing.problems()).toEqual([]));

function nats(name: string, durationSeconds = 600) {
  const load = { shape: 'constant', messagesPerSecond: 100 };
  const workload = { load, warmupSeconds: 1, maxWarmupSeconds: 1, durationSeconds };
  return { name, technology: 'nats', workload };
}

/** What has the focus: its name, or what it says, or its id. */
function focused(page: Page): Promise<string> {
  return page.evaluate(
    '((one) => one.getAttribute("aria-label") ?? (one.matches("input") ? one.id : one === document.body ? "nothing" : one.textContent))(document.activeElement)',
  );
}

/** Presses a button by keyboard, and the one that confirms it. */
async function confirmByKeys(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().press('Enter');
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button').first().press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

/** Experiments that are closed at once. */
async function cancelled(names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push(await stack.submit(nats(name)));
  for (const id of ids) await stack.cancel(id);
  for (const id of ids) await stack.untilPhase(id, 'closed');
  return ids;
}

test('who tries several values of a setting, and then one, types on in its field', async () => {
  const page = await browsing.open('/new');
  await page.getByRole('button', { name: 'Try several values of partitions' }).press('Enter');
  expect(await focused(page)).toBe('at/variants/0/sweep/partitions');
  await page.getByRole('button', { name: 'Only one value of partitions' }).press('Enter');
  expect(await focused(page)).toBe('at/variants/0/settings/partitions');
  // One of those behind `more settings` comes out from there.
  await page.locator('summary', { hasText: 'more settings' }).first().click();
  await page.getByRole('button', { name: 'Try several values of compression' }).first().press('Enter');
  expect(await focused(page)).toBe('at/variants/0/sweep/compression');
  await page.context().close();
});

test('who stops a run goes on beside where the button was, and is told how it ends', async () => {
  const id = await stack.submit(nats('to be stopped'));
  await stack.untilPhase(id, 'measuring');
  const page = await browsing.open(`/experiments/${id}`);
  await page.getByRole('button', { name: 'Stop the run' }).waitFor();
  expect(await page.title()).toBe('measuring: to be stopped – Comparator');
  await confirmByKeys(page, /^Stop the run/);
  await page.getByRole('button', { name: 'Stopping' }).waitFor();
  expect(await focused(page)).toMatch(/^Stop/);
  await stack.untilPhase(id, 'closed');
  await page.getByRole('status').getByText('to be stopped has ended: cancelled').waitFor();
  expect(await page.title()).toBe('cancelled: to be stopped – Comparator');
  await until('the focus on what is beside', async () => (await focused(page)) === 'Run again');
  await confirmByKeys(page, /^Delete/);
  await page.getByRole('heading', { name: 'Results' }).waitFor();
  await until('the focus on what has come', () =>
    page.evaluate<boolean>('document.activeElement.id === "content"'),
  );
  await page.context().close();
}, 120_000);

test('a list keeps its page, its filters and what is picked through a link, a reload and the way back', async () => {
  const names = Array.from({ length: 28 }, (_, index) => `listed ${index + 1}`);
  await cancelled(names);
  const page = await browsing.open('/?show=experiments');
  await page.getByLabel('Name').fill('listed');
  await page.waitForURL(/name=listed/);
  const rows = page.locator('tbody tr');
  const pageNumber = page.getByRole('navigation', { name: 'Pages' }).getByRole('status');
  await page.getByRole('button', { name: 'Older →' }).press('Enter');
  await until('the second page', async () => (await rows.count()) === 3);
  expect(await focused(page)).toBe('Older →');
  await page.reload();
  await until('the second page', async () => (await rows.count()) === 3);
  expect(await pageNumber.textContent()).toBe('Page 2');
  await page.getByRole('checkbox', { name: 'Pick listed 1', exact: true }).check();
  await page.getByRole('button', { name: '← Newer' }).press('Enter');
  await until('the first page', async () => (await rows.count()) === 25);
  expect(await focused(page)).toBe('← Newer');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('link', { name: 'Compare 2 picked' }).click();
  await page.getByRole('heading', { name: /picked experiments/i }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'Compare 2 picked' }).waitFor();
  expect(await page.getByLabel('Name').inputValue()).toBe('listed');
  await page.getByRole('button', { name: 'Clear what is picked' }).press('Enter');
  await page.waitForURL((url) => !url.search.includes('picked'));

  // The row that goes takes the focus to the next one.
  await confirmByKeys(page, /^Delete listed 27$/);
  await until('the focus on the next row', async () => (await focused(page)) === 'Pick listed 26');
  await page.context().close();
}, 240_000);

test('no more are picked than can be compared, which is said before', async () => {
  await cancelled(['one too many']);
  const picked = Array.from({ length: 50 }, (_, index) => `id${index}`).join('.');
  const page = await browsing.open(`/?show=experiments&picked=${picked}`);
  await page.getByText('50 are picked, as many as can be compared.').waitFor();
  expect(await page.getByRole('checkbox', { name: 'Pick one too many' }).isDisabled()).toBe(true);
  await page.context().close();
}, 60_000);
