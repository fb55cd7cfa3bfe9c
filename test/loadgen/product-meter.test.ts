import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { monotonicMicros } from '../../loadgen/measure/clock.ts';
import { ProductMeter } from '../../loadgen/product-meter.ts';
import { identifyProcess } from '../../src/machine/identity.ts';
import { writeLaunchRecord } from '../../src/machine/launched.ts';
import { processUsage } from '../../src/machine/resources/usage.ts';
import { until } from '../support/until.ts';

/** Elsewhere nothing can be seen of a process from outside, and a meter must say just that. */
const isSeen = process.platform === 'linux';

let folder: string;
let children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'product-'));
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  rmSync(folder, { recursive: true });
});

/** Starts a process that does nothing but work, as one that was launched for an experiment. */
function launch(name: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'for (;;) Math.random();'], { stdio: 'ignore' });
  children.push(child);
  register(name, child.pid as number);
  return child;
}

function register(name: string, pid: number): void {
  const startedAt = new Date().toISOString();
  writeLaunchRecord(folder, { name, identity: identifyProcess(pid), folders: [], startedAt });
}

/** A meter that began a moment ago, and would go on for long. */
async function begunMeter(): Promise<ProductMeter> {
  const startMicros = monotonicMicros();
  const product = new ProductMeter(folder, startMicros, startMicros + 600e6);
  // Its first reading was due before this is.
  await delay(20);
  return product;
}

/** Waits until a process has used more of the processor. */
async function worked({ pid }: ChildProcess): Promise<void> {
  const cpuSeconds = () => processUsage(pid as number)?.cpuSeconds ?? 0;
  const before = cpuSeconds();
  await until('work', () => cpuSeconds() > before + 0.05);
}

test('what the processes of the product used is added up, and no load generator with it', async () => {
  const first = launch('broker-1');
  const alone = await begunMeter();
  if (!isSeen) {
    expect(alone.stop()).toBeNull();
    return;
  }
  await worked(first);
  const one = alone.stop();
  expect(one?.cpuSeconds).toBeGreaterThan(0.04);
  expect(one?.peakMemoryBytes).toBeGreaterThan(10e6);
  register('generator-0', process.pid);
  const second = launch('broker-2');
  await worked(second);
  const together = await begunMeter();
  await Promise.all([worked(first), worked(second)]);
  const both = together.stop();
  expect(both?.cpuSeconds).toBeGreaterThan(0.08);
  expect(both?.peakMemoryBytes).toBeGreaterThan((one?.peakMemoryBytes ?? 0) * 1.5);
  expect(both?.peakMemoryBytes).toBeLessThan((one?.peakMemoryBytes ?? 0) * 3);
});

test('where a process came or went, or none is there, nothing is said', async () => {
  expect((await begunMeter()).stop()).toBeNull();
  const broker = launch('broker-1');
  const ending = await begunMeter();
  broker.kill('SIGKILL');
  await until('its end', () => broker.signalCode !== null);
  expect(ending.stop()).toBeNull();
  launch('broker-1');
  const growing = await begunMeter();
  launch('broker-2');
  expect(growing.stop()).toBeNull();
});

test('a meter that is stopped before it began says nothing', () => {
  launch('broker-1');
  const start = monotonicMicros() + 10e6;
  expect(new ProductMeter(folder, start, start + 1e6).stop()).toBeNull();
});
