import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { parse } from 'yaml';
import { registerClientCommands } from '../src/cli/commands/client.ts';
import { registerDemo } from '../src/cli/commands/demo.ts';
import { registerDoctor } from '../src/cli/commands/doctor.ts';
import { registerStart } from '../src/cli/commands/start.ts';
import { projectRoot } from '../src/config.ts';
import { experimentSchema } from '../src/contracts/input/experiment.ts';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

/** Every page of the repository, by its path. */
const pages = readdirSync(projectRoot, { withFileTypes: true })
  .filter(({ name }) => !['node_modules', '.comparator', 'reports', '.git'].includes(name))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(projectRoot, entry.name), { recursive: true, encoding: 'utf8' }).map((file) =>
          join(entry.name, file),
        )
      : [entry.name],
  )
  .filter((file) => file.endsWith('.md'));

test.each(pages)('%s links to files that exist', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link as string);
  expect(links.filter((link) => !existsSync(join(projectRoot, dirname(page), link)))).toEqual([]);
});

test.each(readdirSync(join(projectRoot, 'examples')).filter((file) => file.endsWith('.yaml')))(
  'examples/%s begins with what it shows',
  (file) => {
    expect(read(join('examples', file))).toMatch(/^# .{20}/);
  },
);

describe('the README', () => {
  const readme = read('README.md');
  const blocks = (language: string) =>
    [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
      ([, text]) => text as string,
    );

  test('is short enough to be read', () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(16 * 1024);
  });

  test('names commands and npm scripts that exist', () => {
    const program = new Command();
    for (const register of [registerStart, registerDemo, registerClientCommands, registerDoctor])
      register(program);
    const commands = [...readme.matchAll(/npx comparator ([\w-]+)/g)].map(([, name]) => name);
    expect(program.commands.map((command) => command.name())).toEqual(expect.arrayContaining(commands));
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const npm = [...`${readme}${read('CONTRIBUTING.md')}`.matchAll(/(?:^|`)npm (?:run )?([\w:]+)/gm)];
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(npm.map(([, name]) => name)));
  });

  test('shows experiments that are valid, as YAML and by HTTP', () => {
    const [body] = readme.match(/(?<=-d ')[^']+/) ?? [];
    const documents = [...blocks('yaml').map((text) => parse(text)), JSON.parse(body as string)];
    expect(documents).toHaveLength(2);
    for (const document of documents)
      expect(experimentSchema.safeParse(document).error?.issues ?? []).toEqual([]);
  });
});
