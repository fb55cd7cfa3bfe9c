import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { builtPage } from '../../config.ts';

/** A file of the page, as it is sent. */
export interface PageFile {
  body: Uint8Array<ArrayBuffer>;
  type: string;
}

/** The page as it was built, in memory, so that another build beside takes nothing from under an open one. */
export interface BuiltPage {
  document: string;
  /** By their names below `/assets/`. */
  assets: ReadonlyMap<string, PageFile>;
  /** What HTML reports hold to draw themselves. */
  report: { script: string; style: string };
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** null where it was not built. */
export function readBuiltPage(folder = builtPage): BuiltPage | null {
  const documentFile = join(folder, 'index.html');
  if (!existsSync(documentFile)) return null;
  const assets = join(folder, 'assets');
  return {
    document: readFileSync(documentFile, 'utf8'),
    assets: new Map(
      readdirSync(assets).map((name) => [
        name,
        {
          body: new Uint8Array(readFileSync(join(assets, name))),
          type: types[extname(name)] ?? 'application/octet-stream',
        },
      ]),
    ),
    report: {
      script: readFileSync(join(folder, 'report', 'report.js'), 'utf8'),
      style: readFileSync(join(folder, 'report', 'report.css'), 'utf8'),
    },
  };
}

/** As a Content-Security-Policy names what may stand inline. */
export function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
