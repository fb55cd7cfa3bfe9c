/**
 * The web page as a browser sees it, on a real stack: what a first load takes, when its largest part is painted, how far
 * parts move while it is built, for how long its thread is blocked; how soon an hour's result is drawn once its 3,600
 * seconds are read; how soon a list of 10,000 experiments answers to a filter. `--quick` opens each view three times.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { openBrowser } from '../../src/scripts/support/browser.ts';
import { testStore } from '../support/oracles.ts';
import type { TestStack } from '../support/stack.ts';
import { buildPage } from '../web/support/browsing.ts';
import { restartApi, runExperiment, startBenchStack } from './experiments.ts';
import { recordExperiments } from './recorded.ts';
import { publish, quick, table } from './report.ts';

const loads = quick ? 3 : 20;
const recorded = 10_000;
const seconds = 3_600;
/** Charts of a result that show its seconds. */
const seriesCharts = 4;

/** What the page notes of itself, by page-watch.js. */
interface Noted {
  largestPaintMs: number;
  shift: number;
  blockedMs: number;
  readAtMs: number;
  drawnAtMs: number;
  /** Of JavaScript, as it was transferred. */
  scriptBytes: number;
}

/** Opens a view in a browser that has nothing in its cache. */
async function open(browser: Browser, url: string, ready: (page: Page) => Promise<unknown>): Promise<Noted> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript({ path: join(import.meta.dirname, 'page-watch.js') });
  await page.goto(url);
  await ready(page);
  await page.waitForLoadState('networkidle');
  const noted = await page.evaluate(() => (globalThis as unknown as { noted: () => Noted }).noted());
  await context.close();
  return noted;
}

function spread(values: readonly number[], digits = 0): string[] {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.5, 0.95, 1].map((share) =>
    (sorted[Math.ceil(share * (sorted.length - 1))] as number).toFixed(digits),
  );
}

/** A real experiment of some seconds, told for an hour: its seconds one after another, again and again. */
async function hourLong(stack: TestStack, name: string): Promise<string> {
  const load = { shape: 'constant', messagesPerSecond: 500 };
  const workload = { load, warmupSeconds: 1, maxWarmupSeconds: 1, durationSeconds: 10 };
  const result = await runExperiment(stack, { name, technology: 'nats', workload });
  const store = testStore(stack.stack.description.aws);
  const key = s3Keys.timeseries(result.experimentId, result.runId);
  const lines = ((await store.getText(key)) ?? '').trim().split('\n');
  const long = Array.from({ length: seconds }, (_, index) => ({
    ...(JSON.parse(lines[index % lines.length] as string) as object),
    second: index + 1,
  }));
  await store.put(key, `${long.map((second) => JSON.stringify(second)).join('\n')}\n`);
  return result.experimentId;
}

async function filterTimes(browser: Browser, url: string): Promise<number[]> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.locator('h1').first().waitFor();
  const times = await page.evaluate(async (count) => {
    const all: number[] = [];
    for (let n = 0; n < count; n++) {
      const began = performance.now();
      const answer = await fetch(`/api/experiments?limit=50&name=${encodeURIComponent(`number ${n} of`)}`);
      if (((await answer.json()) as { items: unknown[] }).items.length === 0) throw new Error('found none');
      all.push(performance.now() - began);
    }
    return all;
  }, loads * 10);
  await page.close();
  return times;
}

async function main(): Promise<void> {
  buildPage();
  const stack = await startBenchStack();
  const browser = await openBrowser();
  try {
    const [one, other] = [await hourLong(stack, 'an hour'), await hourLong(stack, 'another')];
    await recordExperiments(testStore(stack.stack.description.aws), recorded);
    await restartApi(stack);
    const url = () => stack.stack.description.api.url;
    await (await stack.call('GET', '/api/experiments?limit=1&name=nowhere')).text();
    const heading = (page: Page) => page.locator('h1').first().waitFor();
    const drawn = (page: Page) => page.locator('.uplot canvas').nth(seriesCharts).waitFor();
    const views: [string, string, (page: Page) => Promise<unknown>][] = [
      ['list', '/', heading],
      ['form', '/new', heading],
      ['result of an hour', `/experiments/${one}`, drawn],
      ['two picked results', `/compare?experiment=${one}&experiment=${other}`, drawn],
    ];
    const rows: string[][] = [];
    const drawing: number[] = [];
    for (const [name, path, ready] of views) {
      const noted: Noted[] = [];
      while (noted.length < loads) noted.push(await open(browser, url() + path, ready));
      if (path.includes(one) && !path.includes(other))
        drawing.push(...noted.map((one) => one.drawnAtMs - one.readAtMs));
      rows.push([
        name,
        ((noted[0]?.scriptBytes ?? 0) / 1_024).toFixed(0),
        spread(noted.map((one) => one.largestPaintMs)).join(' / '),
        spread(
          noted.map((one) => one.shift),
          3,
        ).join(' / '),
        spread(noted.map((one) => one.blockedMs)).join(' / '),
      ]);
    }
    const filters = await filterTimes(browser, url());
    publish('page', {
      title: 'The web page',
      conditions: `Each view ${loads} times in a headless browser with an empty cache, on the machine of the stack; p50 / p95 / longest. The largest paint is counted from the start of the navigation, as the browser tells it; blocked is what tasks take beyond 50 ms.`,
      sections: [
        table(
          ['view', 'JavaScript, KiB compressed', 'largest paint, ms', 'layout shift', 'blocked, ms'],
          rows,
        ),
        table(
          ['what', 'p50', 'p95', 'longest'],
          [
            [
              `${seconds.toLocaleString('en')} seconds read until ${seriesCharts} charts of them are painted, ms`,
              ...spread(drawing),
            ],
            [
              `${recorded.toLocaleString('en')} experiments filtered by name, asked by the page, ms`,
              ...spread(filters, 1),
            ],
          ],
        ),
      ],
    });
  } finally {
    await browser.close();
    await stack.end();
  }
}

await main();
