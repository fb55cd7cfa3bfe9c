import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InlineConfig } from 'vite';
import { builtPage, inheritedEnvironment, projectRoot } from '../../config.ts';
import { type Lock, waitForLock } from '../../machine/file-lock.ts';
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
  let lock: Lock | null = null;
  try {
    lock = await waitForLock(`${builtPage}.lock`, () =>
      progress('Another process is building the web page; waiting for it …'),
    );
    if (builtFrom() !== wanted) await build(wanted, progress);
  } catch (error) {
    progress(`The web page could not be built, everything else works: ${(error as Error).message}`);
  } finally {
    lock?.release();
  }
}

/** Builds it beside the one that is there, which it takes the place of once it is whole. */
async function build(wanted: string, progress: Progress): Promise<void> {
  const startedAt = performance.now();
  const folder = mkdtempSync(`${builtPage}-`);
  try {
    await asProduction(async () => {
      const vite = await import('vite');
      await vite.build({ ...pageOptions(), build: { outDir: folder, emptyOutDir: true } });
      await vite.build(reportOptions(join(folder, 'report')));
    });
    writeFileSync(stampOf(folder), wanted);
    rmSync(builtPage, { recursive: true, force: true });
    renameSync(folder, builtPage);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  progress(`Built the web page in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`);
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
