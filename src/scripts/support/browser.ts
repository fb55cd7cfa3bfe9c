import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
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

/**
 * It unpacks itself into the temporary folder, and stays there: so by a process whose folder is kept with the packages. Each
 * has a folder of its own until it is whole, for another that starts what is still being written fails (ETXTBSY).
 */
function unpacked(): string {
  const folder = join(projectRoot, 'node_modules', '.cache', 'chromium-whole');
  const executable = join(folder, 'chromium');
  if (existsSync(executable)) return executable;
  const own = `${folder}-${process.pid}`;
  mkdirSync(own, { recursive: true });
  const code = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: projectRoot,
    env: { ...inheritedEnvironment(), TMPDIR: own },
  });
  try {
    renameSync(own, folder);
  } catch (error) {
    // Another was there first.
    rmSync(own, { recursive: true });
    if (!existsSync(executable)) throw error;
  }
  return executable;
}
