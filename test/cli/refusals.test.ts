import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { asksForJson, refusalOf } from '../../src/cli/refusal.ts';
import { writeOut } from '../../src/cli/write-out.ts';
import { problemSchema } from '../../src/contracts/input/problem.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { experimentDocument, experimentRecord, experimentSpec, result } from '../support/documents.ts';
import { comparator } from './support/comparator.ts';
import { servedApi } from './support/served-api.ts';

let api: Awaited<ReturnType<typeof servedApi>>;
let folder: string;
let specFile: string;
let badFile: string;
let cloudFile: string;
beforeAll(async () => {
  api = await servedApi();
  folder = mkdtempSync(join(tmpdir(), 'cmp-test-refusals-'));
  specFile = join(folder, 'experiment.json');
  writeFileSync(specFile, JSON.stringify(experimentDocument));
  badFile = join(folder, 'bad.yaml');
  writeFileSync(badFile, 'name: x\ntechnology: kafak\n');
  cloudFile = join(folder, 'cloud.json');
  writeFileSync(
    cloudFile,
    JSON.stringify({ ...experimentDocument, technology: 'kinesis', target: 'aws', settings: { shards: 2 } }),
  );
  await api.store.putJson(s3Keys.result('exp-0001', 'run-of-exp-0001'), result({ experimentId: 'exp-0001' }));
  await api.records.saveExperiment(experimentRecord({ id: 'exp-0001' }));
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

describe('with --json a refusal is a problem document, and its exit code the same', () => {
  test.each<[string, () => string[], number, object]>([
    [
      'a file with faults',
      () => ['validate', badFile, '--json'],
      2,
      {
        title: 'Invalid file',
        status: 422,
        errors: [
          { pointer: '/workload', line: 1, column: 1 },
          { pointer: '/technology', line: 2, column: 1 },
        ],
      },
    ],
    ['an id that nothing has', () => ['show', 'exp-9999', '--json'], 2, { title: 'Wrong use', status: 400 }],
    [
      'what the API refuses',
      () => ['cancel', 'exp-0001', '--json'],
      1,
      { status: 409, detail: 'Experiment exp-0001 is closed; there is nothing to cancel.' },
    ],
    ['an unknown option', () => ['list', '--bogus', '--json'], 2, { detail: "unknown option '--bogus'" }],
    [
      'a plan of what is not for aws',
      () => ['validate', specFile, '--plan', '--json'],
      2,
      { title: 'Wrong use', detail: expect.stringContaining('plans for target: aws only') },
    ],
    [
      'a plan where nothing of AWS is set up',
      () => ['validate', cloudFile, '--plan', '--json'],
      2,
      {
        title: 'Wrong use',
        detail: expect.stringContaining('in COMPARATOR_AWS_ACCOUNTS, as terraform/AWS.md'),
      },
    ],
    ['a report in JSON', () => ['report', 'exp-9999', '--format', 'json'], 2, { title: 'Wrong use' }],
  ])('%s', async (_, args, code, problem) => {
    const { exitCode, stdout, stderr } = await comparator(args(), api.url);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject(problem);
    expect(() => problemSchema.parse(told)).not.toThrow();
    expect(exitCode).toBe(code);
    expect(stderr).not.toBe('');
  });

  test('a defect is told as one', () => {
    expect(refusalOf(new TypeError('x is undefined'))).toMatchObject({ title: 'Defect', status: 500 });
  });
});

test.each<[string[], boolean]>([
  [['list', '--json'], true],
  [['report', 'x', '--format', 'json'], true],
  [['report', 'x', '--format=json'], true],
  [['report', 'json', '--format', 'markdown'], false],
  [['show', '--', '--json'], false],
])('%j asks for JSON: %s', (args, expected) => {
  expect(asksForJson(args)).toBe(expected);
});

test.each<[string[], string]>([
  [['log', 'exp-0001', '--follow', '--json'], '--follow goes on with lines: leave out one of them'],
  [['report', 'exp-0001', '--format', 'markdown', '--json'], '--format markdown for something else'],
  [['report', 'exp-0001', '--format', 'table', '--json'], '--format table for something else'],
  [['import', 'omb', 'a', 'b', '--out', 'c', '--json'], '--out writes an experiment'],
  [
    ['run', 'experiment.json', '--no-wait', '--fail-on-undecided'],
    '--fail-on-undecided has nothing to judge',
  ],
])('options that contradict each other are refused: %j', async (args, message) => {
  await expect(buildProgram().parseAsync(args, { from: 'user' })).rejects.toMatchObject({
    message: expect.stringContaining(message),
    exitCode: exitCodes.wrongUse,
  });
});

test('validate --json has the spec, and beside it what a dry run tells', async () => {
  const { stdout } = await comparator(['validate', specFile, '--json'], api.url);
  expect(JSON.parse(stdout)).toMatchObject({
    ...experimentSpec(),
    expected: { seconds: 42, warnings: [expect.stringContaining('acks all with one replica')] },
    guarantee: { explanation: expect.any(String) },
    cost: null,
  });
});

describe('a file that cannot be written', () => {
  test('is told by what to do, not by a stack', async () => {
    const args = ['report', 'exp-0001', '--out', '/no/such/report.md'];
    const { exitCode, stderr } = await comparator(args, api.url);
    expect([exitCode, stderr]).toEqual([
      2,
      '/no/such/report.md cannot be written: there is no folder /no/such; make it, or name another file',
    ]);
  });

  test.each<[string, string, boolean, string | null]>([
    ['there already', 'there', true, 'it is there already; delete it first, or name another file'],
    ['there, to be replaced', 'there', false, null],
    ['a folder', 'folder', false, 'it is a folder; name a file in it'],
    ['in no folder', join('there', 'x'), false, 'a part of its path is no folder; name another file'],
    ['of a very long name', 'x'.repeat(300), false, 'name too long; name another file'],
  ])('%s', async (_, name, isNew, reason) => {
    const path = join(folder, name);
    writeFileSync(join(folder, 'there'), 'before');
    mkdirSync(join(folder, 'folder'), { recursive: true });
    if (reason === null) {
      await writeOut(path, 'after', { isNew });
      expect(readFileSync(path, 'utf8')).toBe('after');
      return;
    }
    await expect(writeOut(path, 'after', { isNew })).rejects.toMatchObject({
      message: `${path} cannot be written: ${reason}`,
      exitCode: exitCodes.wrongUse,
    });
    expect(readFileSync(join(folder, 'there'), 'utf8')).toBe('before');
  });
});
