import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { findApi } from '../cli/api/api-address.ts';
import { ApiClient } from '../cli/api/api-client.ts';
import { say } from '../cli/say.ts';
import { readConfig } from '../config.ts';
import { openBrowser } from './support/browser.ts';
import { runScript } from './support/run-script.ts';

const widths = [390, 1920];
const schemes = ['light', 'dark'] as const;

/** `npm run screenshots -- [--out FOLDER] [--only VIEW] [--top]`: every view of a stack that runs, at both widths, in both schemes; `--top` only of what is seen first. */
await runScript(async () => {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'reports/screenshots' },
      only: { type: 'string' },
      top: { type: 'boolean', default: false },
    },
  });
  const folder = resolve(values.out);
  await mkdir(folder, { recursive: true });
  const client = new ApiClient(findApi(readConfig()));
  const views = Object.entries(await viewsOf(client)).filter(
    ([name]) => !values.only || name === values.only,
  );
  const browser = await openBrowser();
  try {
    for (const [name, path] of views)
      await shoot(browser, client.url + path, join(folder, name), !values.top);
  } finally {
    await browser.close();
  }
  say(`${views.length * widths.length * schemes.length} pictures are in ${folder}`);
  return 0;
});

/** The newest of each kind stands for all. */
async function viewsOf(client: ApiClient): Promise<Record<string, string>> {
  const closed = { open: 'false', limit: '20' };
  const comparisons = (await client.list('comparisons', closed)).items;
  const experiments = (await client.list('experiments', closed)).items;
  const open = (await client.list('experiments', { open: 'true' })).items;
  const [comparison] = comparisons.filter(({ outcome }) => outcome === 'completed');
  const [experiment] = experiments.filter(({ outcome }) => outcome === 'completed');
  const [running] = open.filter(({ phase }) => phase === 'measuring');
  const picked = experiments.slice(0, 2).map(({ id }) => `experiment=${id}`);
  return {
    list: '/',
    experiments: '/?show=experiments',
    new: '/new',
    ...(comparison ? { comparison: `/comparisons/${comparison.id}` } : {}),
    ...(experiment ? { experiment: `/experiments/${experiment.id}` } : {}),
    ...(running ? { running: `/experiments/${running.id}` } : {}),
    ...(picked.length === 2 ? { picked: `/compare?${picked.join('&')}` } : {}),
  };
}

async function shoot(browser: Browser, url: string, file: string, fullPage: boolean): Promise<void> {
  for (const width of widths) {
    for (const colorScheme of schemes) {
      const context = await browser.newContext({ viewport: { width, height: 1080 }, colorScheme });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') say(`${url}: ${message.text()}`);
      });
      page.on('pageerror', (error) => say(`${url}: ${error.message}`));
      await page.goto(url);
      await page.locator('h1').first().waitFor();
      // What is still being read shows as a place kept for it.
      for (const place of await page.locator('.skeleton').all()) await place.waitFor({ state: 'detached' });
      await page.screenshot({ path: `${file}-${width}-${colorScheme}.png`, fullPage });
      await context.close();
    }
  }
}
