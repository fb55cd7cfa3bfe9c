import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../src/config.ts';
import { technologyIds } from '../src/technologies/registry.ts';

/** What each part may import at run time, beside itself and packages (see CONTRIBUTING.md). */
const allowed: Record<string, string[]> = {
  'src/user-error.ts': [],
  'src/temporal-server.ts': [],
  'src/tracing.ts': [],
  'src/technologies': [],
  'src/machine': ['src/contracts', 'src/user-error.ts'],
  'src/temporal': ['src/contracts', 'src/machine', 'src/user-error.ts'],
  'src/contracts': ['src/technologies'],
  'src/storage': ['src/contracts'],
  'src/analysis': ['src/contracts', 'src/technologies'],
  'src/environment.ts': ['src/contracts', 'src/machine', 'src/user-error.ts'],
  'src/config.ts': [
    'src/contracts',
    'src/environment.ts',
    'src/machine',
    'src/technologies',
    'src/temporal-server.ts',
    'src/user-error.ts',
  ],
  'src/stack': ['src/contracts', 'src/config.ts', 'src/machine', 'src/user-error.ts'],
  workflows: ['src/contracts'],
  loadgen: [
    'src/contracts',
    'src/technologies',
    'src/analysis',
    'src/storage',
    'src/config.ts',
    'src/machine',
    'src/temporal',
    'src/user-error.ts',
  ],
  terraform: ['src/contracts', 'src/technologies', 'src/machine'],
  // The door that the command line has to what only workers know otherwise.
  'activities/home/planning': [
    'src/contracts',
    'src/analysis',
    'src/config.ts',
    'src/machine',
    'src/temporal',
    'src/stack',
    'src/user-error.ts',
    'activities',
  ],
  activities: [
    'src/contracts',
    'src/technologies',
    'src/analysis',
    'src/storage',
    'src/config.ts',
    'src/machine',
    'src/temporal',
    'src/temporal-server.ts',
    'src/stack',
    'src/user-error.ts',
  ],
  'src/api': [
    'src/contracts',
    'src/technologies',
    'src/analysis',
    'src/storage',
    'src/config.ts',
    'src/machine',
    'src/tracing.ts',
    'src/user-error.ts',
  ],
  'src/cli': [
    'src/contracts',
    'src/technologies',
    'src/analysis',
    'src/storage',
    'src/config.ts',
    'src/machine',
    'src/stack',
    'src/user-error.ts',
    'activities/home/planning',
  ],
  'src/web': ['src/contracts', 'src/technologies', 'src/analysis'],
  'src/scripts': ['src/analysis', 'src/config.ts', 'src/cli', 'src/machine', 'src/stack'],
  'src/container': [
    'src/contracts',
    'src/config.ts',
    'src/environment.ts',
    'src/machine',
    'src/stack',
    'src/storage',
    'src/temporal',
    'src/user-error.ts',
    'activities',
  ],
  'src/worker.ts': [
    'src/contracts',
    'src/config.ts',
    'src/stack',
    'src/storage',
    'src/temporal',
    'src/tracing.ts',
    'src/user-error.ts',
    'activities',
  ],
};

/** What each floor inside the contracts may import, types included. */
const contractFloors: Record<string, string[]> = {
  'src/contracts/input': [],
  'src/contracts/documents': ['src/contracts/input'],
  'src/contracts/storage': ['src/contracts/documents', 'src/contracts/input'],
  'src/contracts/temporal': ['src/contracts/storage', 'src/contracts/documents', 'src/contracts/input'],
};

const importPattern = /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gms;

function sourceFiles(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.includes('node_modules'))
    .map((file) => join(folder, file));
}

function partOf(file: string): string | undefined {
  return Object.keys(allowed).find((part) => file === part || file.startsWith(part + sep));
}

function forbiddenImports(file: string): string[] {
  const from = partOf(file);
  if (!from) return file.endsWith('.mjs') ? [] : [`${file} is in no known part`];
  const source = readFileSync(join(projectRoot, file), 'utf8');
  return [...source.matchAll(importPattern)].flatMap(([, typeOnly, named, dynamic]) => {
    if (typeOnly) return [];
    const imported = relative(projectRoot, resolve(projectRoot, dirname(file), (named ?? dynamic) as string));
    const to = partOf(imported);
    return to === from || (to && allowed[from]?.includes(to)) ? [] : [`${file} imports ${imported}`];
  });
}

test('arrows between the parts point one way', () => {
  const files = ['src', 'workflows', 'activities', 'loadgen', 'terraform'].flatMap(sourceFiles);
  expect(files.length).toBeGreaterThan(30);
  expect(files.flatMap(forbiddenImports)).toEqual([]);
});

test('floors inside the contracts are not crossed, by types neither', () => {
  const floorOf = (file: string) => Object.keys(contractFloors).find((floor) => file.startsWith(floor + sep));
  const crossing = sourceFiles('src/contracts').flatMap((file) => {
    const from = floorOf(file);
    const imports = [...readFileSync(join(projectRoot, file), 'utf8').matchAll(importPattern)];
    return imports.flatMap(([, , named, dynamic]) => {
      const imported = relative(
        projectRoot,
        resolve(projectRoot, dirname(file), (named ?? dynamic) as string),
      );
      const to = floorOf(imported);
      if (!imported.startsWith('src/contracts') || to === from) return [];
      return from && to && contractFloors[from]?.includes(to) ? [] : [`${file} imports ${imported}`];
    });
  });
  expect(crossing).toEqual([]);
});

test('workflows load no schemas: each open one has modules of its own, in the memory of the worker', () => {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(join(projectRoot, file), 'utf8');
    for (const [, typeOnly, named] of source.matchAll(importPattern)) {
      if (!typeOnly && named) visit(relative(projectRoot, resolve(projectRoot, dirname(file), named)));
    }
  };
  visit('workflows/index.ts');
  expect(seen.size).toBeGreaterThan(20);
  const loading = [...seen].filter((file) =>
    /^import (?!type\b).* from 'zod';/m.test(readFileSync(join(projectRoot, file), 'utf8')),
  );
  expect(loading).toEqual([]);
});

test('the check sees a forbidden import', () => {
  const [match] = [..."import { a } from '../src/api/app.ts';".matchAll(importPattern)];
  expect(match?.[2]).toBe('../src/api/app.ts');
});

test('only config.ts reads process.env', () => {
  const files = ['src', 'workflows', 'activities', 'loadgen', 'terraform'].flatMap(sourceFiles);
  const readers = files.filter((file) =>
    /process\.env\b/.test(readFileSync(join(projectRoot, file), 'utf8')),
  );
  // The bootstrap comes before any TypeScript; Terraform hands its programs what they need so.
  expect(readers.sort()).toEqual([
    'src/bootstrap.mjs',
    'src/config.ts',
    'terraform/kafka/modules/cluster-topic/cluster-topic.ts',
    'terraform/kafka/modules/topic/create-topic.ts',
    'terraform/kinesis/modules/account-stream/account-stream.ts',
    'terraform/modules/local-processes/launcher.ts',
    'terraform/nats/modules/cluster-stream/cluster-stream.ts',
    'terraform/nats/modules/stream/create-stream.ts',
  ]);
});

/** Packages that only one technology needs, and the rooms where technologies are alone with themselves. */
const technologyPackages = /^(@aws-sdk\/client-kinesis|kafkajs|@platformatic\/kafka|@nats-io\/)/;
const technologyRooms = [
  'activities/home/placements/',
  'loadgen/drivers/',
  'src/machine/clusters/',
  'terraform/',
];

test('what one technology needs is imported by its own files alone', () => {
  const files = ['src', 'workflows', 'activities', 'loadgen', 'terraform'].flatMap(sourceFiles);
  const importing = files.filter((file) =>
    [...readFileSync(join(projectRoot, file), 'utf8').matchAll(/from '([^'.][^']*)'/g)].some(([, name]) =>
      technologyPackages.test(name ?? ''),
    ),
  );
  const inside = (file: string) => technologyRooms.some((room) => file.startsWith(room));
  expect(importing.length).toBeGreaterThan(10);
  expect(importing.filter((file) => !inside(file))).toEqual([]);
});

test('the control worker names no technology', () => {
  const text = readFileSync(join(projectRoot, 'src/worker.ts'), 'utf8');
  expect(technologyIds.filter((id) => new RegExp(id, 'i').test(text))).toEqual([]);
});
