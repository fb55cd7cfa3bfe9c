import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../src/config.ts';
import { circles, importsOf, sourceFiles } from './support/sources.ts';

// What keeps the house in order. Each list of exceptions says how it was when the rule came; it may only shrink.

/** A folder with more files hides what it is about. */
const mostFilesPerFolder = 12;
const fullFolders: Record<string, number> = {
  'loadgen/measure': 13,
};

const code = ['src', 'workflows', 'activities', 'loadgen', 'terraform'].flatMap(sourceFiles);
const tests = sourceFiles('test');
const textOf = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

test('no folder has more than a dozen files', () => {
  const folders = Map.groupBy(code, dirname);
  const full = [...folders].filter(([, files]) => files.length > mostFilesPerFolder);
  expect(Object.fromEntries(full.map(([folder, files]) => [folder, files.length]))).toEqual(fullFolders);
});

const mostLinesPerFile = 300;
const longFiles: Record<string, number> = {
  'src/api/common/work-index.ts': 354,
  'src/contracts/documents/api.ts': 394,
  'workflows/comparison/comparison.ts': 312,
};

test('no file grows beyond three hundred lines', () => {
  const grown = code
    .map((file) => [file, textOf(file).split('\n').length - 1] as const)
    .filter(([file, lines]) => lines > (longFiles[file] ?? mostLinesPerFile));
  expect(grown).toEqual([]);
});

test('no files import each other in a circle, types included', () => {
  expect(circles(code)).toEqual([]);
});

/** Floors of a room, lowest first: a file imports from its own floor and from those below. */
const floors: Record<string, string[]> = {
  'activities/home': ['folder', 'runs', 'leaving', 'state', 'placements', 'planning', '.'],
  'src/contracts': ['input', 'storage', 'documents', 'temporal'],
  'loadgen/drivers/kafka/flat': ['encoding', '.'],
};
/** At the root of `activities/home`, but what all its floors are given or throw: the ground under them. */
const ground = ['attempt.ts', 'dependencies.ts', 'errors.ts', 'experiment-context.ts'].map((name) =>
  join('activities', 'home', name),
);

test('the floors of a room are not crossed', () => {
  const crossed = Object.entries(floors).flatMap(([room, order]) => {
    const floorOf = (file: string) => {
      const inside = file.slice(room.length + 1).split(sep);
      return order.indexOf(inside.length > 1 ? (inside[0] as string) : '.');
    };
    return code
      .filter((file) => file.startsWith(room + sep))
      .flatMap((file) =>
        importsOf(file)
          .filter((imported) => imported.startsWith(room + sep) && !ground.includes(imported))
          .filter((imported) => floorOf(imported) > floorOf(file))
          .map((imported) => `${file} imports ${imported}`),
      );
  });
  expect(crossed).toEqual([]);
});

test('nothing outside a Terraform module imports from inside it', () => {
  const outside = code.filter((file) => !file.startsWith(`terraform${sep}`));
  const inside = outside.flatMap((file) =>
    importsOf(file)
      .filter((imported) => imported.startsWith(`terraform${sep}`))
      .map((imported) => `${file} imports ${imported}`),
  );
  expect(inside).toEqual([]);
});

/** Values that a file offers; types may be there for the sake of a signature alone. */
const offered = code
  .filter((file) => file !== join('workflows', 'index.ts'))
  .flatMap((file) =>
    [...textOf(file).matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(([, name]) => ({
      file,
      name: name as string,
    })),
  );

test('a value that a file offers is used outside it', () => {
  const everything = [...code, ...tests].map((file) => ({ file, text: textOf(file) }));
  const unused = offered.filter(
    ({ file, name }) => !everything.some((other) => other.file !== file && mentions(other.text, name)),
  );
  expect(unused).toEqual([]);
});

/** What many tests call the code with, and none of the code does: why it lies there. */
const forTests = [{ file: join('activities', 'home', 'attempt.ts'), name: 'endlessAttempt' }];

test('no value is there for tests alone', () => {
  const texts = code.map((file) => ({ file, text: withoutComments(textOf(file)) }));
  const unused = offered.filter(({ file, name }) => {
    const uses = texts.map((one) => mentionsIn(one.text, name) - (one.file === file ? 1 : 0));
    return uses.every((count) => count === 0);
  });
  expect(unused).toEqual(forTests);
});

function mentionsIn(text: string, name: string): number {
  return text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}

test('every page that a comment names lies in the repository', () => {
  const missing = [...code, ...tests].flatMap((file) =>
    comments(textOf(file)).flatMap((comment) =>
      [...comment.matchAll(/[\w./-]*[A-Z][\w-]*\.md\b/g)]
        .map(([page]) => page)
        .filter((page) => !exists(file, page))
        .map((page) => `${file} names ${page}`),
    ),
  );
  expect(missing).toEqual([]);
});

/** As named from the file's own folder, or from the top. */
function exists(file: string, page: string): boolean {
  return existsSync(join(projectRoot, page)) || existsSync(resolve(projectRoot, dirname(file), page));
}

test('no doc comment begins by pointing back at another', () => {
  const pointing = [...code, ...tests].filter((file) =>
    /\/\*\*\s*(?:\*\s*)?(The same as\b|The same[,.:]|Likewise\b)/.test(textOf(file)),
  );
  expect(pointing).toEqual([]);
});

test('tests wait by one helper, or by what is made of it, so that each says what it waited for', () => {
  const own = tests.filter((file) => {
    const text = textOf(file);
    const waits = /\bfunction until\w*\(/.test(text) && !/\/until\.ts'/.test(text);
    return waits && file !== join('test', 'support', 'until.ts');
  });
  expect(own).toEqual([]);
});

function comments(text: string): string[] {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm)].map(([comment]) => comment);
}

test('the folders that are looked at hold the code', () => {
  expect(code.length).toBeGreaterThan(250);
  expect(readdirSync(join(projectRoot, 'test')).length).toBeGreaterThan(10);
});
