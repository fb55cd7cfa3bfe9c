import { expect, test } from '@jest/globals';
import { buildProgram } from '../../src/cli/program.ts';

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
