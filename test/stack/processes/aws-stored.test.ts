import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readConfig } from '../../../src/config.ts';
import { ensureTools } from '../../../src/stack/setup/ensure.ts';
import { type RunningStack, startStack } from '../../../src/stack/stack.ts';
import { testStore } from '../../support/oracles.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-stored-')));
const config = readConfig({
  COMPARATOR_HOME: home,
  COMPARATOR_TOOLS: readConfig().tools,
  COMPARATOR_PORT: '1', // not started here
});
const options = { processes: ['aws' as const], report: () => {} };
let stack: RunningStack;
const store = () => testStore(stack.description.aws);
/** Where the emulator keeps the objects of the bucket. */
const objects = () => join(home, 'aws', 's3', '000000000000', store().bucket);

beforeAll(async () => {
  await ensureTools(config, console.error);
  stack = await startStack(config, options);
  await store().ensureBucket();
}, 300_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

const refused = expect.objectContaining({ name: 'ServiceUnavailable' });

/** What cannot be written, for a superuser as well. */
const obstacles: Record<string, () => () => void> = {
  'no object': () => {
    renameSync(objects(), `${objects()}-away`);
    writeFileSync(objects(), '');
    return () => {
      rmSync(objects());
      renameSync(`${objects()}-away`, objects());
    };
  },
  'what describes the objects': () => {
    const names = ['kept', 'new'].flatMap((name) =>
      ['.tmp', '.staged.tmp'].map((end) => join(objects(), `${name}.meta.json${end}`)),
    );
    for (const name of names) mkdirSync(name);
    return () => {
      for (const name of names) rmSync(name, { recursive: true });
    };
  },
};

test.each(Object.keys(obstacles))(
  'where %s can be written, none is acknowledged, and all stays as it was',
  async (obstacle) => {
    await store().delete(['new']);
    await store().putJson('kept', { version: 1 });
    const { etag = '' } = (await store().getTagged('kept')) ?? {};
    const undo = obstacles[obstacle]?.();
    await expect(store().putJson('kept', { version: 2 })).rejects.toEqual(refused);
    await expect(store().putJsonIfAbsent('new', { version: 2 })).rejects.toEqual(refused);
    undo?.();
    await stack.stop();
    stack = await startStack(config, options);
    expect(await store().getTagged('kept')).toEqual({ text: '{"version":1}', etag });
    expect(await store().get('new')).toBeNull();
    expect(await store().putJsonIfAbsent('new', { version: 3 })).toBe(true);
    expect(await store().putJsonOver('kept', { version: 3 }, etag)).toBe(true);
    expect(await store().getJson('kept')).toEqual({ version: 3 });
  },
  180_000,
);
