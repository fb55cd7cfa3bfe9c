import { expect, test } from '@jest/globals';
import { buildProgram } from '../../src/cli/program.ts';
import { knownVariables } from '../support/environment-variables.ts';

/** What a command prints when it is called so. */
async function output(args: string[]): Promise<string> {
  let text = '';
  const program = buildProgram();
  for (const command of [program, ...program.commands]) {
    const write = (part: string) => {
      text += part;
    };
    command.configureOutput({ writeOut: write, writeErr: write });
  }
  await expect(program.parseAsync(args, { from: 'user' })).rejects.toThrow();
  return text;
}

const names = buildProgram().commands.map((command) => command.name());

test.each(names)('the help of %s has examples, exit codes and environment', async (name) => {
  const help = await output([name, '--help']);
  expect(help).toMatch(/Examples:\n {2}\S/);
  expect(help).toContain('Exit codes:\n  0    done');
  expect(help).toContain('COMPARATOR_URL');
});

test.each(names)('an unknown option of %s points to its own help', async (name) => {
  expect(await output([name, '--bogus'])).toContain(`comparator ${name} --help`);
});

test('the help of the command itself lists all of them', async () => {
  const help = await output(['--help']);
  for (const name of names) expect(help).toContain(`\n  ${name} `);
});

test('the help names every variable that is read, and no example is one', async () => {
  const help = await output(['run', '--help']);
  const read = knownVariables();
  expect(read.length).toBeGreaterThan(15);
  const environment = help.slice(help.indexOf('Environment:'));
  expect(read.filter((name) => !new RegExp(`^ {2}${name} {2,}\\S`, 'm').test(environment))).toEqual([]);
  expect(Math.max(...environment.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  const examples = (await output(['explain', '--help'])).split('Examples:')[1]?.split('Exit codes:')[0] ?? '';
  expect(
    examples
      .trim()
      .split('\n')
      .filter((line) => !/^\s*npx comparator /.test(line)),
  ).toEqual([]);
});
