import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InlineConfig } from 'vite';
import { builtPage, inheritedEnvironment, projectRoot } from '../../config.ts';
import type { Progress } from '../setup/requirement.ts';
import { hashOfSources } from './sources.ts';

const stampOf = (folder: string) => join(folder, 'sources.sha256');

/**
 * Builds the web page and the script of HTML reports where their sources are others than those it was built from.
 * A page that cannot be built keeps nothing from starting: commands and API work without.
 */
export async function ensurePage(progress: Progress): Promise<void> {
  const wanted = hashOfSources();
  if (builtFrom() === wanted) return;
  const startedAt = performance.now();
  let scratch: string | null = null;
  try {
    mkdirSync(dirname(builtPage), { recursive: true });
    const folder = mkdtempSync(`${builtPage}-`);
    scratch = folder;
    await asProduction(async () => {
      const { build } = await import('vite');
      await build({ ...pageOptions(), build: { outDir: folder, emptyOutDir: true } });
      await build(reportOptions(join(folder, 'report')));
    });
    writeFileSync(stampOf(folder), wanted);
    putInPlace(folder);
    progress(`Built the web page in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`);
  } catch (error) {
    // Another process may have put the same page there in the meantime.
    if (builtFrom() === wanted) return;
    progress(`The web page could not be built, everything else works: ${(error as Error).message}`);
  } finally {
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  }
}

/** Another process may put its page there between the two steps; the last one stays. */
function putInPlace(folder: string): void {
  for (let tries = 1; ; tries++) {
    rmSync(builtPage, { recursive: true, force: true });
    try {
      renameSync(folder, builtPage);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (tries === 5 || (code !== 'ENOTEMPTY' && code !== 'EEXIST')) throw error;
    }
  }
}

/** Whatever NODE_ENV a shell has set: by it, Vite decides which of React's two builds components are compiled for. */
async function asProduction(work: () => Promise<void>): Promise<void> {
  const environment = inheritedEnvironment();
  const { NODE_ENV } = environment;
  environment.NODE_ENV = 'production';
  try {
    await work();
  } finally {
    if (NODE_ENV === undefined) delete environment.NODE_ENV;
    else environment.NODE_ENV = NODE_ENV;
  }
}

function builtFrom(): string | null {
  return existsSync(stampOf(builtPage)) ? readFileSync(stampOf(builtPage), 'utf8') : null;
}

/** How Vite reads the page, built as well as served. */
export function pageOptions(): InlineConfig {
  return {
    configFile: false,
    root: join(projectRoot, 'src', 'web'),
    base: '/',
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic' } },
    // Assets are files of their own: the page's policy allows `data:` for images alone.
    build: { assetsInlineLimit: 0 },
  };
}

/** One script and one style sheet, which are written into every HTML report. */
function reportOptions(outDir: string): InlineConfig {
  const options = pageOptions();
  return {
    ...options,
    // React's own switch, which a library build leaves as it is.
    define: { [['process', 'env', 'NODE_ENV'].join('.')]: '"production"' },
    build: {
      outDir,
      emptyOutDir: true,
      copyPublicDir: false,
      cssCodeSplit: false,
      lib: {
        entry: join(projectRoot, 'src', 'web', 'report', 'main.tsx'),
        formats: ['iife'],
        name: 'report',
        fileName: () => 'report.js',
        cssFileName: 'report',
      },
    },
  };
}
