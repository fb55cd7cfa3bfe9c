import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds against it. The page's policy lets no script in, so it comes in by the debugger. */
export async function violations(page: Page): Promise<string[]> {
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
