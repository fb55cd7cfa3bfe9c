import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { type RunningStack, startStack } from '../../src/stack/stack.ts';
import { experimentProcesses } from '../support/oracles.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

let first: TestStack;
let second: RunningStack | null = null;
beforeAll(async () => {
  first = await startTestStack();
}, 120_000);
afterAll(async () => {
  await second?.stop();
  await first?.end();
}, 60_000);

test('with the emulator’s data gone, the next start works, and what ran ends with nothing left', async () => {
  const measuring = await first.submit({
    name: 'loses its bucket',
    technology: 'kafka',
    settings: { heapMegabytes: 256 },
    workload: {
      load: { shape: 'constant', messagesPerSecond: 100 },
      warmupSeconds: 1,
      maxWarmupSeconds: 1,
      durationSeconds: 600,
    },
  });
  await first.untilPhase(measuring, 'measuring');
  await first.stack.stop();
  expect(experimentProcesses(first.home)).not.toEqual([]);
  rmSync(join(first.home, 'aws'), { recursive: true });

  second = await startStack(first.config, { report: () => {} });
  const { api, temporal } = second.description;
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
  await fetch(`${api.url}/api/experiments/${measuring}/cancel`, { method: 'POST' });
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const handle = new Client({ connection }).workflow.getHandle(measuring);
    await until('the workflow to close', async () => (await handle.describe()).status.name !== 'RUNNING', {
      timeoutMs: 120_000,
      everyMs: 200,
    });
  } finally {
    await connection.close();
  }
  expect(experimentProcesses(first.home)).toEqual([]);
}, 240_000);
