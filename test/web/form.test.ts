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
afterEach(() => expect(browsing.problems()).toEqual([]));

const rate = (page: Page) => page.getByLabel('Messages/s');
const start = (page: Page) => page.getByRole('button', { name: 'Start', exact: true });

/** Of the part of the form in which one is. */
function focusedLabel(page: Page): Promise<string> {
  return page.evaluate("document.activeElement.closest('section')?.getAttribute('aria-label')");
}

test('where nothing was ever run the list says what this is for, and leads to a question', async () => {
  const page = await browsing.open('/');
  await page.getByText('The comparator starts').waitFor();
  expect(await page.getByLabel('Name').count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: /A burst/ }).click();
  await page.getByLabel('Shape of the load').waitFor();
  expect(await page.getByLabel('Shape of the load').inputValue()).toBe('steps');
  // Whoever goes on by keyboard begins at the top of what has come.
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
  await page.context().close();
});

test('what is typed stays as it was typed, and stays through a link and a reload', async () => {
  const page = await browsing.open('/new');
  const bound = page.getByLabel('Requirement 1: value');
  await bound.fill('');
  await bound.pressSequentially('1.5');
  expect(await bound.inputValue()).toBe('1.5');
  await rate(page).fill('2,5');
  await page.getByText('write 2.5 with a point').first().waitFor();
  expect(await start(page).isEnabled()).toBe(false);
  await rate(page).fill('1,750');
  await until('the form to be valid', () => start(page).isEnabled());
  await page.getByRole('link', { name: 'Results' }).click();
  await page.getByRole('heading', { name: 'Results' }).waitFor();
  await page.goBack();
  await rate(page).waitFor();
  expect([await rate(page).inputValue(), await bound.inputValue()]).toEqual(['1750', '1.5']);
  await page.reload();
  await rate(page).waitFor();
  expect([await rate(page).inputValue(), await bound.inputValue()]).toEqual(['1750', '1.5']);
  await page.getByRole('button', { name: 'Begin anew' }).click();
  expect(await rate(page).inputValue()).toBe('2000');
  await page.context().close();
});

test('what replaces something that was typed can be undone', async () => {
  const page = await browsing.open('/new');
  await rate(page).fill('1234');
  await page.getByRole('button', { name: /How much can it carry/ }).click();
  await page.getByText('Replaced by').waitFor();
  expect(await page.getByLabel('Shape of the load').inputValue()).toBe('capacity-search');
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await rate(page).inputValue()).toBe('1234');

  const first = page.getByRole('region', { name: /^Variant 1:/ });
  await first.getByLabel('Technology').selectOption('kinesis');
  expect(await first.getByLabel('Name').inputValue()).toMatch(/Kinesis/);
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await first.getByLabel('Name').inputValue()).toBe('Kafka');
  expect(await first.getByLabel('Partitions', { exact: true }).inputValue()).toBe('4');
  await page.context().close();
});

test('however much there is to know before, what starts it stays in sight', async () => {
  const page = await browsing.open('/new', { viewport: { width: 1280, height: 420 } });
  await page.getByText('To know before').waitFor();
  await page.getByRole('button', { name: 'Add a requirement' }).scrollIntoViewIfNeeded();
  const box = await page.getByRole('button', { name: 'Start', exact: true }).boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  expect((box?.y ?? 420) + (box?.height ?? 0)).toBeLessThanOrEqual(420);
  await page.context().close();
});

test('a default is the one that holds beside what was chosen', async () => {
  const page = await browsing.open('/new');
  const kafka = page.getByRole('region', { name: /^Variant 1/ });
  const brokers = kafka.getByLabel('Brokers', { exact: true });
  expect(await brokers.getAttribute('placeholder')).toBe('1');
  await kafka.getByLabel('Durability', { exact: true }).selectOption('node-loss');
  await kafka.locator('input[placeholder="3"]').first().waitFor();
  expect(await brokers.getAttribute('placeholder')).toBe('3');
  await page.context().close();
});

test('a file that the form cannot show is refused by its place, and the draft stays', async () => {
  const page = await browsing.open('/new');
  await rate(page).fill('1234');
  const document = { requirements: ['p99 < 50'], variants: [{ technology: 'nats' }] };
  await page.locator('input[type=file]').setInputFiles({
    name: 'mine.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(document)),
  });
  await page.getByText('mine.json, line 1: requirements, item 1 must be an object').waitFor();
  expect(await rate(page).inputValue()).toBe('1234');
  await page.context().close();
});

test('hundreds of variants are opened from a file at once, a line each, and any of them edited', async () => {
  const page = await browsing.open('/new');
  const variants = Array.from({ length: 500 }, (_, index) => ({
    name: `v${index}`,
    technology: 'kafka',
    settings: { partitions: index === 499 ? 0 : (index % 100) + 1 },
  }));
  const workload = { load: { shape: 'constant', messagesPerSecond: 100 }, durationSeconds: 2 };
  await page.locator('input[type=file]').setInputFiles({
    name: 'many.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ name: 'many', workload, variants })),
  });
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByRole('button', { name: /^Variant 500, v499/ }).press('Enter');
  expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('Edit v499');
  await page.keyboard.press('Enter');
  const edited = page.getByRole('region', { name: 'Variant 500: v499' });
  await edited.getByLabel('Partitions', { exact: true }).fill('7');
  await until('the form to be valid', () => start(page).isEnabled());
  await preview.getByText('492 more').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.context().close();
}, 60_000);

test('what a file has that no field shows can be removed, and brought back', async () => {
  const page = await browsing.open('/new');
  const settings = { partitons: 4 };
  const workload = { load: { shape: 'constant', messagesPerSecond: 100 }, durationSeconds: 2 };
  const document = { name: 'mine', description: 'x', technology: 'kafka', settings, workload };
  await page.locator('input[type=file]').setInputFiles({
    name: 'mine.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(document)),
  });
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByRole('button', { name: 'Remove Description' }).click();
  await preview.getByRole('button', { name: /^Remove Variant 1/ }).click();
  await until('the form to be valid', () => start(page).isEnabled());
  await page.getByRole('button', { name: 'Undo' }).click();
  await preview.getByRole('button', { name: /^Remove Variant 1/ }).waitFor();
  expect(await start(page).isEnabled()).toBe(false);
  await page.context().close();
});

test('a view opened by a link begins at its top', async () => {
  const page = await browsing.open('/new');
  await rate(page).waitFor();
  await page.evaluate('window.scrollTo(0, 400)');
  await page.evaluate("document.querySelector('nav a').click()");
  await page.getByText('The comparator starts').waitFor();
  expect(await page.evaluate('window.scrollY')).toBe(0);
  await page.context().close();
});

test('who clones and removes variants by keyboard goes on at the one beside', async () => {
  const page = await browsing.open('/new');
  await page.getByRole('button', { name: 'Clone Kafka' }).press('Enter');
  expect(await focusedLabel(page)).toBe('Variant 2: Kafka 2');
  await page.getByRole('button', { name: 'Remove Kafka 2' }).press('Enter');
  expect(await focusedLabel(page)).toBe('Variant 2: NATS');
  await page.getByRole('button', { name: 'Remove NATS' }).press('Enter');
  expect(await focusedLabel(page)).toBe('Variant 1: Kafka');
  await page.context().close();
});

test('for how long it is kept is asked for, sent, and checked', async () => {
  const page = await browsing.open('/new');
  const kept = page.getByLabel('Keep, minutes');
  const asked = (minutes: number | undefined) =>
    page.waitForRequest((request) => {
      const isDryRun = request.url().includes('dryRun=true');
      return isDryRun && JSON.parse(request.postData() ?? '{}').keepMinutes === minutes;
    });
  await kept.fill('0');
  await page.getByText('must be at least 1').first().waitFor();
  expect(await start(page).isEnabled()).toBe(false);
  await Promise.all([asked(30), kept.fill('30')]);
  await until('the form to be valid', () => start(page).isEnabled());
  await Promise.all([asked(undefined), kept.fill('')]);
  await page.context().close();
});

test('a fault leads to its field', async () => {
  const page = await browsing.open('/new');
  await page.getByRole('region', { name: 'Name and repetitions' }).getByLabel('Name').fill('');
  await page
    .getByRole('region', { name: 'Preview' })
    .getByRole('button', { name: 'Name', exact: true })
    .click();
  expect(await page.evaluate('document.activeElement.id')).toBe('at/name');
  const described = await page.evaluate(
    "document.getElementById(document.activeElement.getAttribute('aria-describedby'))?.textContent",
  );
  expect(described).not.toBeFalsy();
  await page.context().close();
});

test('a preview that was not answered is asked for again without an edit', async () => {
  const page = await browsing.open('/new');
  let refused = 0;
  await page.route('**/api/*?dryRun=true', (route) => {
    refused += 1;
    return refused <= 2 ? route.abort() : route.continue();
  });
  await rate(page).fill('1500');
  await page.getByText('It is asked again.').waitFor();
  await until('the form to be valid', () => start(page).isEnabled());
  expect(refused).toBeGreaterThan(2);
  expect(browsing.problems().filter((one) => !one.includes('ERR_FAILED'))).toEqual([]);
  await page.context().close();
});

test('a page in a tab that nobody sees loads all the same', async () => {
  const context = await browsing.browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  await page.addInitScript("Object.defineProperty(document, 'hidden', { get: () => true })");
  await page.goto(new URL('/new', stack.stack.description.api.url).href);
  await rate(page).waitFor();
  await context.close();
});

test('an address that is not there shows the page, and leads to the list', async () => {
  const page = await browsing.open('/experiments');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  expect(browsing.problems().filter((one) => !one.includes('status of 404'))).toEqual([]);
  await page.getByRole('link', { name: 'All experiments and comparisons' }).click();
  await page.getByText('The comparator starts').waitFor();
  await page.context().close();
});
