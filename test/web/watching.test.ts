import { afterEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { violations } from './support/axe.ts';
import type { Browsing } from './support/browsing.ts';
import { pageOfFile } from './support/page-of-file.ts';

let stack: TestStack;
let browsing: Browsing;

pageOfFile((parts) => {
  ({ stack, browsing } = parts);
});
// On a busy machine the server may say for once that Temporal answers late; the page says so, and asks again.
afterEach(() => expect(browsing.problems().filter((one) => !one.includes('status of 503'))).toEqual([]));

function nats(name: string, durationSeconds: number) {
  const load = { shape: 'constant', messagesPerSecond: 200 };
  const workload = { load, warmupSeconds: 1, maxWarmupSeconds: 1, durationSeconds };
  return { name, technology: 'nats', workload };
}

const schemes = ['light', 'dark'] as const;

/** What axe finds in a page in both colour schemes, whatever stands there now. */
async function inBothSchemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await violations(page)));
  }
  return found;
}

test('what runs and what waits is told by name, and nothing of it is hard to use', async () => {
  const first = await stack.submit(nats('the one that runs', 600));
  await stack.untilPhase(first, 'measuring');
  const second = await stack.submit(nats('the one that waits', 600));
  const third = await stack.submit(nats('another, too', 600));
  const list = await browsing.open('/');
  const now = list.getByRole('region', { name: 'Now' });
  await now.getByRole('link', { name: 'the one that runs' }).waitFor();
  await now.getByText('the one that waits, another, too').waitFor();
  expect(await inBothSchemes(list)).toEqual([]);
  await list.context().close();

  const waiting = await browsing.open(`/experiments/${second}`);
  await waiting.getByText(/in the queue/).waitFor();
  expect(await inBothSchemes(waiting)).toEqual([]);
  await waiting.context().close();

  // Whoever comes late sees what was since, and is told so.
  await until('a load that has gone on for a while', async () => {
    const detail = await stack.call('GET', `/api/experiments/${first}`);
    const { progress } = (await detail.json()) as { progress: { secondsElapsed: number } | null };
    return (progress?.secondsElapsed ?? 0) > 8;
  });
  const running = await browsing.open(`/experiments/${first}`);
  await running.getByText(/Since you opened this page, .* into the load/).waitFor();
  await running.getByRole('img', { name: /Rate over time.*produced: (between )?[\d,]+/ }).waitFor();
  const values = running.locator('summary', { hasText: 'Values' }).first();
  await values.press('Enter');
  const table = running.getByRole('region', { name: 'Rate, values' });
  await until('seconds', async () => (await table.locator('tbody tr').count()) > 1);
  expect(await table.locator('tbody tr').first().textContent()).toMatch(/200/);
  expect(await inBothSchemes(running)).toEqual([]);
  await running.getByRole('button', { name: 'Stop the run' }).click();
  await running.getByRole('alertdialog').waitFor();
  expect(await inBothSchemes(running)).toEqual([]);
  await running.keyboard.press('Escape');
  // Nothing that is watched moves on a narrow screen, however long the numbers are.
  await running.setViewportSize({ width: 390, height: 800 });
  const heights = new Set<number>();
  for (let look = 0; look < 12; look++) {
    heights.add(
      await running.evaluate<number>(
        "document.querySelector('.timeline').getBoundingClientRect().top + scrollY",
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect([...heights]).toHaveLength(1);
  await running.context().close();
  for (const id of [third, second, first]) await stack.cancel(id);
  for (const id of [third, second, first]) await stack.untilPhase(id, 'closed');
}, 180_000);

test('what is kept says until when, and is kept for longer, or destroyed, by a button', async () => {
  const id = await stack.submit({ ...nats('kept to look inside', 2), keepMinutes: 30 });
  const { keptUntil } = await stack.untilPhase(id, 'kept');
  const list = await browsing.open('/');
  await list.getByRole('region', { name: 'Now' }).getByText('(kept until').waitFor();
  await list.context().close();

  const page = await browsing.open(`/experiments/${id}`);
  const kept = page.getByRole('region', { name: /^Kept until/ });
  await kept.waitFor();
  await page.getByRole('heading', { name: 'Latency by percentile' }).waitFor();
  // Nothing comes live any more.
  expect(await page.getByRole('heading', { name: 'Now', exact: true }).count()).toBe(0);
  expect(await inBothSchemes(page)).toEqual([]);
  await kept.getByRole('button', { name: 'Extend' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Minutes more').fill('1440');
  await dialog.getByRole('button', { name: 'Extend' }).click();
  await dialog.getByText(/can be kept until .* at most/).waitFor();
  expect(await inBothSchemes(page)).toEqual([]);
  await dialog.getByLabel('Minutes more').fill('45');
  await dialog.getByRole('button', { name: 'Extend' }).click();
  await dialog.waitFor({ state: 'detached' });
  const later = await stack.detail(id);
  expect(Date.parse(later.keptUntil ?? '') - Date.parse(keptUntil ?? '')).toBe(45 * 60_000);
  await kept.locator(`time[datetime="${later.keptUntil}"]`).waitFor();

  await kept.getByRole('button', { name: 'Destroy now' }).click();
  await dialog.getByRole('button', { name: 'Destroy now' }).click();
  await page.getByRole('status').getByText('kept to look inside has ended: completed.').waitFor();
  await page.context().close();
  expect(await stack.untilPhase(id, 'closed')).toMatchObject({ outcome: 'completed' });
  // A refusal is an error to the browser, too.
  expect(browsing.problems().filter((one) => !one.includes('status of 409'))).toEqual([]);
}, 180_000);

test('a comparison says how far it is and what is left, and its end, to those who see and those who do not', async () => {
  const { variants: _, ...whole } = { ...nats('watched', 6), variants: [] };
  const { technology: __, ...common } = whole;
  const variants = ['one', 'two', 'three'].map((name) => ({ name, technology: 'nats' }));
  const answer = await stack.call('POST', '/api/comparisons', { ...common, variants });
  const { id } = (await answer.json()) as { id: string };
  const page = await browsing.open(`/comparisons/${id}`);
  await page.getByText(/^0 of 3 have ended/).waitFor();
  expect(await page.title()).toBe('0 of 3: watched – Comparator');
  await page.getByText(/[12] of 3 have ended, about .* left/).waitFor({ timeout: 60_000 });
  expect(await inBothSchemes(page)).toEqual([]);
  await page.getByRole('status').getByText('watched has ended: completed.').waitFor({ timeout: 120_000 });
  expect(await page.title()).toBe('completed: watched – Comparator');
  await page.getByRole('heading', { name: 'Second by second' }).waitFor();
  expect(await inBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  await page
    .getByRole('alertdialog')
    .getByText(/It takes about/)
    .waitFor();
  expect(await inBothSchemes(page)).toEqual([]);
  await page.context().close();

  const detail = await stack.call('GET', `/api/comparisons/${id}`);
  const runs = ((await detail.json()) as { variants: { experimentId: string }[] }).variants;
  const query = runs.map(({ experimentId }) => `experiment=${experimentId}`).join('&');
  const picked = await browsing.open('/compare');
  expect(await inBothSchemes(picked)).toEqual([]);
  // Seconds that could not be read are not as none that were measured.
  await picked.route('**/timeseries', (route) => route.abort());
  await picked.goto(new URL(`/compare?${query}`, stack.stack.description.api.url).href);
  const series = picked.getByRole('region', { name: 'Second by second' });
  await series.getByText('The service does not answer.').waitFor();
  expect(await inBothSchemes(picked)).toEqual([]);
  await picked.unroute('**/timeseries');
  await series.getByRole('button', { name: 'Try again' }).press('Enter');
  await picked.getByRole('img', { name: /Consumed over time/ }).waitFor();
  expect(browsing.problems().filter((one) => !one.includes('ERR_FAILED'))).toEqual([]);
  await picked.context().close();
}, 240_000);
