import { expect, test } from '@jest/globals';
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

/** A browser without a window shows all of its tabs. */
async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
     document.dispatchEvent(new Event('visibilitychange'))`,
  );
}

test('of many tabs of one browser each loads, for those that nobody sees keep no connection', async () => {
  const load = { shape: 'constant', messagesPerSecond: 100 };
  const workload = { load, warmupSeconds: 1, maxWarmupSeconds: 1, durationSeconds: 600 };
  const id = await stack.submit({ name: 'in many tabs', technology: 'nats', workload });
  await stack.untilPhase(id, 'measuring');
  const context = await browsing.browser.newContext({ locale: 'en-US' });
  const address = new URL(`/experiments/${id}`, stack.stack.description.api.url).href;
  const first = await context.newPage();
  for (let tab = 1; tab <= 7; tab++) {
    const page = tab === 1 ? first : await context.newPage();
    await page.goto(address, { timeout: 15_000 });
    await page.getByRole('heading', { name: 'in many tabs' }).waitFor({ timeout: 15_000 });
    if (tab < 7) await hide(page, true);
  }
  await stack.cancel(id);
  await stack.untilPhase(id, 'closed');
  // Its title says so to who looks at the tabs, and all of it is there once it is seen.
  await until('the title of a tab that is not seen', async () => /^cancelled/.test(await first.title()), {
    timeoutMs: 40_000,
  });
  await hide(first, false);
  await first.getByText('cancelled').first().waitFor();
  expect(await first.getByRole('button', { name: 'Stop the run' }).count()).toBe(0);
  await context.close();
}, 180_000);
