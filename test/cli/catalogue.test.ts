import { afterEach, expect, jest, test } from '@jest/globals';
import { technologyAnswer } from '../../src/api/service/technology-answer.ts';
import { technologyText } from '../../src/cli/commands/catalogue/technologies.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { kinesis } from '../../src/technologies/kinesis.ts';
import { technologyCard, technologyIds } from '../../src/technologies/registry.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** What a command prints. */
async function printed(...args: string[]): Promise<string> {
  let text = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  await buildProgram().parseAsync(args, { from: 'user' });
  return text;
}

test.each([
  ['workload.load.shape', ['load.shape: constant', 'load.shape: ladder']],
  ['workload.keys.distribution', ['keys.distribution: none', 'keys.distribution: zipf']],
  ['workload.payload.content', ['payload.content: random', 'payload.content: compressible']],
  ['workload.load.steps', ['load.steps', 'load.steps[].seconds']],
  ['comparison.variants.name', ['variants[].name']],
  ['comparison.variants[0].name', ['variants[].name']],
  ['prices.prices.usd', ['prices[].usd.vcpuHour']],
])('explain %s tells of %j', async (path, fields) => {
  const text = await printed('explain', path);
  for (const field of fields) expect(text).toContain(`\n  ${field}`);
});

test('explain of a field tells of no other', async () => {
  expect(await printed('explain', 'workload.keys.distribution')).not.toContain('load.shape');
  await expect(printed('explain', 'workload.load.shap')).rejects.toThrow('workload has no field "load.shap"');
});

test.each(technologyIds)('what is told of %s is wrapped, and nothing long is told twice', async (id) => {
  const text = technologyText(technologyAnswer(technologyCard(id)));
  const lines = text.split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const sentences = text
    .replace(/\s+/g, ' ')
    .split(/(?<=[.;]) /)
    .filter((one) => one.length > 80);
  expect(new Set(sentences).size).toBe(sentences.length);
});

test('one shard is one', () => {
  const load = { messageSizeBytes: 100, keyBytes: null };
  const source = (settings: object) => kinesis.ceiling(kinesis.settings.parse(settings), load)?.source;
  expect(source({ shards: 1 })).toMatch(/: a shard takes 1 MB\/s/);
  expect(source({ shards: 2 })).toMatch(/: each of 2 shards takes/);
  expect(source({})).toMatch(/: each of 4 shards takes/);
});
