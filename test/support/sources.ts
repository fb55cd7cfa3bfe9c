import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { projectRoot } from '../../src/config.ts';

const importPattern = /^(?:import|export)\s[^'"]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gms;

/** TypeScript files below a folder of the project, as paths from its top. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.includes('node_modules'))
    .map((file) => join(folder, file))
    .sort();
}

/** Files of the project that a file imports, types included, as paths from the top. */
export function importsOf(file: string): string[] {
  return [...readFileSync(join(projectRoot, file), 'utf8').matchAll(importPattern)].map(
    ([, named, dynamic]) =>
      relative(projectRoot, resolve(projectRoot, dirname(file), (named ?? dynamic) as string)),
  );
}

/** Groups of files of which each reaches every other by imports: Tarjan's strongly connected components. */
export function circles(files: readonly string[]): string[][] {
  const imports = new Map(files.map((file) => [file, importsOf(file)]));
  const numbers = new Map<string, { index: number; low: number; onStack: boolean }>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string) => {
    const own = { index: numbers.size, low: numbers.size, onStack: true };
    numbers.set(file, own);
    stack.push(file);
    for (const imported of imports.get(file) ?? []) {
      if (!imports.has(imported)) continue;
      const known = numbers.get(imported);
      if (!known) own.low = Math.min(own.low, visit(imported).low);
      else if (known.onStack) own.low = Math.min(own.low, known.index);
    }
    if (own.low === own.index) {
      const group = stack.splice(stack.indexOf(file));
      for (const member of group) (numbers.get(member) as typeof own).onStack = false;
      if (group.length > 1) found.push(group.sort());
    }
    return own;
  };
  for (const file of files) if (!numbers.has(file)) visit(file);
  return found;
}
