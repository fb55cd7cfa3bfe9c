import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium as playwright } from 'playwright-core';
import { inheritedEnvironment, projectRoot } from '../../config.ts';

/** A browser that comes with the packages, so that nothing is needed from the system; to be closed by the caller. */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: unpacked(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    headless: true,
  });
}

/** It unpacks itself into the temporary folder, and stays there: so by a process whose folder is kept with the packages. */
function unpacked(): string {
  const folder = join(projectRoot, 'node_modules', '.cache', 'chromium');
  mkdirSync(folder, { recursive: true });
  const code = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath());";
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: projectRoot,
    env: { ...inheritedEnvironment(), TMPDIR: folder },
    encoding: 'utf8',
  }).trim();
}
