import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import { registerClientCommands } from '../../src/cli/commands/client.ts';
import { registerDemo } from '../../src/cli/commands/demo.ts';
import { registerDoctor } from '../../src/cli/commands/doctor.ts';
import { registerStart } from '../../src/cli/commands/start.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { projectRoot } from '../../src/config.ts';
import { experimentDetailSchema } from '../../src/contracts/documents/api.ts';
import { latencySchema, messagesSchema } from '../../src/contracts/documents/metrics.ts';
import { phases } from '../../src/contracts/documents/phases.ts';
import { outcomes } from '../../src/contracts/documents/progress.ts';
import { resultSchema } from '../../src/contracts/documents/result.ts';
import { comparisonSchema } from '../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { idPattern } from '../../src/contracts/input/ids.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { stackSchema } from '../../src/contracts/storage/stack.ts';
import {
  controlTaskQueue,
  homeTaskQueue,
  loadGeneratorTaskQueue,
  messageNames,
  searchAttributeNames,
  workflowTypes,
} from '../../src/contracts/temporal/names.ts';
import { technologyCard, technologyIds } from '../../src/technologies/registry.ts';
import { testApi } from '../api/support/test-api.ts';
import { knownVariables } from '../support/environment-variables.ts';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const page = read('src/contracts/README.md');

/** The text below one heading. */
function section(title: string): string {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  if (text === undefined) throw new Error(`the page has no section "${title}"`);
  return text;
}

/** What stands in backticks in a text. */
const quoted = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, words]) => words as string);

/** The items of a section's list whose head matches. */
function items(title: string): { head: string; rest: string }[] {
  return [...section(title).matchAll(/^- (.+?): (.*)$/gm)].map(([, head, rest]) => ({
    head: head as string,
    rest: rest as string,
  }));
}

function blocks(title: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms');
  return [...section(title).matchAll(pattern)].map(([, text]) => text as string);
}

describe('the contract says what the code has:', () => {
  const program = new Command();
  for (const register of [registerStart, registerDemo, registerClientCommands, registerDoctor])
    register(program);

  test('commands with their options', () => {
    const documented = items('Commands')
      .map(({ head }) => /^`npx comparator ([\w-]+)(.*)`$/.exec(head))
      .filter((match) => match !== null)
      .map(([, name, rest]) => ({
        name,
        options: [...(rest ?? '').matchAll(/--[\w-]+/g)].map(String).sort(),
      }));
    const actual = program.commands.map((command) => ({
      name: command.name(),
      options: command.options.map(({ long }) => long as string).sort(),
    }));
    const byName = (a: { name?: string }, b: { name?: string }) =>
      String(a.name).localeCompare(String(b.name));
    expect(documented.sort(byName)).toEqual(actual.sort(byName));
  });

  test('exit codes', () => {
    const documented = [...section('Commands').matchAll(/^\| +(\d+) \|/gm)].map(([, code]) => Number(code));
    expect(documented.sort()).toEqual(Object.values(exitCodes).sort());
  });

  test('npm scripts', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const documented = items('Commands').flatMap(
      ({ head }) => /^`npm (?:run )?([\w:]+)`$/.exec(head)?.[1] ?? [],
    );
    expect(documented.sort()).toEqual(Object.keys(scripts).sort());
  });

  test('environment variables', () => {
    const documented = quoted(section('Settings')).filter((word) =>
      /^(COMPARATOR|TEMPORAL|AWS|OTEL)_\w+$/.test(word),
    );
    expect([...new Set(documented)].sort()).toEqual(knownVariables().sort());
  });

  test('the stack description', () => {
    const [text] = blocks('Settings', 'json');
    const shape = Object.entries(stackSchema.shape).map(([part, { shape }]) => [part, Object.keys(shape)]);
    const documented = Object.entries(stackSchema.strict().parse(JSON.parse(text as string)));
    expect(documented.map(([part, fields]) => [part, Object.keys(fields)])).toEqual(shape);
  });

  test('an experiment and a comparison', () => {
    const [experiment, comparison] = blocks('Experiment', 'yaml').map((text) => parse(text));
    expect(experimentSchema.safeParse(experiment).error?.issues ?? []).toEqual([]);
    expect(comparisonSchema.safeParse(comparison).error?.issues ?? []).toEqual([]);
    const { workload } = experimentSchema.parse(experiment);
    expect(Object.keys(experiment.workload).sort()).toEqual(Object.keys(workload).sort());
    expect(section('Experiment')).toContain(`\`${idPattern.source}\``);
  });

  test.each(technologyIds)('settings of %s', (id) => {
    const rest = items('Experiment').find(({ head }) => head === `\`${id}\``)?.rest ?? '';
    const { properties = {} } = z.toJSONSchema(technologyCard(id).settings, { io: 'input' });
    expect(quoted(rest).sort()).toEqual(Object.keys(properties).sort());
  });

  test('calls of the HTTP API', async () => {
    const { app, get } = testApi();
    const { paths } = (await (await get('/openapi.json')).json()) as unknown as {
      paths: Record<string, object>;
    };
    const actual = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const documented = items('HTTP API').flatMap(({ head }) => quoted(head));
    const pages = documented.filter((call) => !actual.includes(call));
    expect(documented.filter((call) => actual.includes(call)).sort()).toEqual(actual.sort());
    expect(pages).toEqual(['GET /openapi.json', 'GET /docs', 'GET /']);
    for (const call of pages) expect((await app.request(call.replace('GET ', ''))).status).toBe(200);
  });

  test('fields, phases and outcomes of an experiment', () => {
    const [, fields] = /An experiment is `\{([^}]+)\}`/.exec(section('HTTP API')) ?? [];
    expect(fields?.split(', ').sort()).toEqual(Object.keys(experimentDetailSchema.shape).sort());
    expect(quoted(section('HTTP API'))).toEqual(expect.arrayContaining([...phases, ...outcomes]));
  });

  test('names in Temporal', () => {
    const { cancel, extend, retryDestroy, progress } = messageNames;
    expect(quoted(section('Temporal names'))).toEqual(
      expect.arrayContaining([
        ...Object.values(workflowTypes),
        ...Object.values(searchAttributeNames),
        ...[controlTaskQueue, homeTaskQueue('<home id>')],
        loadGeneratorTaskQueue('<experiment id>', 0).replace(/0$/, '<n>'),
        ...[cancel, extend, retryDestroy, progress],
      ]),
    );
  });

  test('keys in S3', () => {
    const { installation, experiment, result, timeseries, journals, comparison, terraformState } = s3Keys;
    const [id, runId] = ['<id>', '<run id>'];
    expect(quoted(section('S3 keys'))).toEqual(
      expect.arrayContaining([
        ...[installation, experiment(id), result(id, runId), timeseries(id, runId), journals(id, runId)],
        ...[comparison(id), terraformState(id)],
      ]),
    );
  });

  test('fields of the result document', () => {
    const documented = items('Result document').flatMap(({ head }) => quoted(head));
    expect(documented.sort()).toEqual(Object.keys(resultSchema.shape).sort());
    const fields = [...Object.keys(messagesSchema.shape), ...Object.keys(latencySchema.shape)];
    expect(quoted(section('Result document'))).toEqual(expect.arrayContaining(fields));
  });
});
