import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectRoot } from '../../src/config.ts';
import { openBrowser } from '../../src/scripts/browser.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let stack: TestStack;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  // The builder's native part does not know the values of jest's own realm.
  const build = join(projectRoot, 'src', 'stack', 'page', 'build-page.ts');
  const code = `import { ensurePage } from ${JSON.stringify(build)}; await ensurePage(console.log);`;
  const told = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  expect(told).not.toContain('could not');
  stack = await startTestStack();
  browser = await openBrowser();
});
afterEach(() => expect(problems.splice(0)).toEqual([]));
afterAll(async () => {
  await browser?.close();
  await stack?.end();
});

const at = (path: string) => `${stack.stack.description.api.url}${path}`;

/** A page that notes every error of its own, and everything that it asks of another origin. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`${path}: ${error.message}`));
  page.on('console', (message) => {
    // A browser says so of every refusal; the form has the server check what is typed.
    const isRefusal =
      message.text().includes('status of 422') && message.location().url.includes('dryRun=true');
    if (message.type() === 'error' && !isRefusal) problems.push(`${path}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^http/.test(url.protocol) && url.origin !== new URL(at('/')).origin)
      problems.push(`asks ${url.href}`);
  });
  await page.goto(at(path));
  await page.locator('h1').first().waitFor();
  return page;
}

async function closed(page: Page): Promise<void> {
  await page.context().close();
}

/** What axe-core finds against it. The page's policy lets no script in, so it comes in by the debugger. */
async function violations(page: Page): Promise<string[]> {
  for (const place of await page.locator('.skeleton').all()) await place.waitFor({ state: 'detached' });
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const run = await session.send('Runtime.evaluate', {
    expression:
      'axe.run().then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html.slice(0, 160)).join(" | "))))',
    awaitPromise: true,
  });
  return JSON.parse(String(run.result.value)) as string[];
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
  await page.getByLabel('Warmup, seconds').fill('1');
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
  expect(await page.locator('h1').first().textContent()).toBe(small.name);
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
  await page
    .getByRole('button', { name: /^Cancel/ })
    .first()
    .click();
  await page
    .getByRole('alertdialog')
    .or(page.getByRole('dialog'))
    .getByRole('button', { name: /^Cancel/ })
    .last()
    .click();
  expect((await stack.untilPhase(id, 'closed')).outcome).toBe('cancelled');
  await page.getByText('cancelled').first().waitFor();
  await closed(page);
});

test.each(['light', 'dark'] as const)(
  'nothing in any view is hard to use, in the %s scheme',
  async (colorScheme) => {
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
      const page = await open(path, { colorScheme });
      found[path.replace(id, 'ID')] = await violations(page);
      await closed(page);
    }
    expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))).toEqual({});
  },
);

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
  const context = await browser.newContext({ locale: 'en-US', offline: true });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  await page.setContent(html);
  await page.getByText('Latency by percentile').waitFor();
  await context.close();
});
