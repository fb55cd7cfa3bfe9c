import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectRoot } from '../../../src/config.ts';
import { openBrowser } from '../../../src/scripts/support/browser.ts';

/** A real browser on a stack's page. */
export interface Browsing {
  browser: Browser;
  /** Opens a path of the page, in a context of its own, once it shows what stands there. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors of the pages since the last call, and whatever they asked of another origin. */
  problems(): string[];
  end(): Promise<void>;
}

/** @param url of the stack, read anew for each page: after a restart it may be another */
export async function browse(url: () => string): Promise<Browsing> {
  const browser = await openBrowser();
  let problems: string[] = [];
  return {
    browser,
    async open(path, options = {}) {
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
        const asked = new URL(request.url());
        if (/^http/.test(asked.protocol) && asked.origin !== new URL(url()).origin)
          problems.push(`asks ${asked.href}`);
      });
      await page.goto(new URL(path, url()).href);
      await page.locator('h1').first().waitFor();
      await page.locator('.skeleton.view').waitFor({ state: 'detached' });
      return page;
    },
    problems() {
      const all = problems;
      problems = [];
      return all;
    },
    end: () => browser.close(),
  };
}

/**
 * Has the page built, before a stack serves it. In a process of its own: the builder's native part does not know the
 * values of jest's realm.
 */
export function buildPage(): void {
  const build = join(projectRoot, 'src', 'stack', 'page', 'build-page.ts');
  const code = `import { ensurePage } from ${JSON.stringify(build)}; await ensurePage(console.log);`;
  const told = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  if (told.includes('could not')) throw new Error(told);
}

/** Presses a button, and the one that confirms it in the dialog that comes. */
export async function pressAndConfirm(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click();
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  await dialog.getByRole('button', { name }).last().click();
}
