import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import type { ProcessIdentity } from '../../src/contracts/storage/process.ts';
import { endProcess } from '../../src/machine/end.ts';
import { findProcesses, parsePs } from '../../src/machine/scan.ts';
import { startDetached } from '../../src/machine/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'comparator-scan-'));
const started: ProcessIdentity[] = [];
afterEach(async () => {
  for (const identity of started.splice(0)) await endProcess(identity, { signal: 'SIGKILL' });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function sleeper(environment: Record<string, string>) {
  const identity = await startDetached({
    file: process.execPath,
    args: ['-e', 'setInterval(() => {}, 60_000)'],
    cwd: folder,
    environment,
    logFile: join(folder, 'sleeper.log'),
  });
  started.push(identity);
  return identity;
}

it('finds processes by a variable of theirs, and only by all of its value', async () => {
  const name = `COMPARATOR_SCAN_${process.pid}`;
  const mine = await sleeper({ [name]: '/home/a', COMPARATOR_PROCESS: 'one' });
  await sleeper({ [name]: '/home/ab' });
  const found = findProcesses(name, '/home/a');
  expect(found.map(({ identity }) => identity)).toEqual([mine]);
  expect(found[0]?.environment.COMPARATOR_PROCESS).toBe('one');
  await endProcess(mine, { signal: 'SIGKILL' });
  expect(findProcesses(name, '/home/a')).toEqual([]);
});

it('reads the output of ps where there is no /proc', () => {
  const output = [
    '  101 node worker.ts PATH=/bin COMPARATOR_RUN_FOLDER=/Users/ann lee/x COMPARATOR_PROCESS=broker-1 HOME=/Users/ann lee',
    '  102 tail -f /Users/ann lee/x/log COMPARATOR_RUN_FOLDER=/Users/ann lee/xy',
    '  103 vim',
  ].join('\n');
  expect(parsePs(output, 'COMPARATOR_RUN_FOLDER', '/Users/ann lee/x')).toEqual([
    {
      pid: 101,
      args: [expect.stringContaining('node worker.ts')],
      environment: { COMPARATOR_RUN_FOLDER: '/Users/ann lee/x', COMPARATOR_PROCESS: 'broker-1' },
    },
  ]);
});
