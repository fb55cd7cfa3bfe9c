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

/** A meter over so many milliseconds from now, stopped when they are over. */
async function meter(forMs: number, meanwhile: () => void = () => {}) {
  const startMicros = monotonicMicros() + 50_000;
  const product = new ProductMeter(folder, startMicros, startMicros + forMs * 1_000);
  await delay(50 + forMs / 2);
  meanwhile();
  await delay(forMs);
  return product.stop();
}

test('what the processes of the product used is added up, and no load generator with it', async () => {
  launch('broker-1');
  const one = await meter(400);
  expect(one?.cpuSeconds).toBeGreaterThan(0);
  expect(one?.peakMemoryBytes).toBeGreaterThan(10e6);
  register('generator-0', process.pid);
  launch('broker-2');
  const both = await meter(400);
  expect(both?.peakMemoryBytes).toBeGreaterThan((one?.peakMemoryBytes ?? 0) * 1.5);
  expect(both?.peakMemoryBytes).toBeLessThan((one?.peakMemoryBytes ?? 0) * 3);
});

test('where a process came or went, or none is there, nothing is said', async () => {
  expect(await meter(50)).toBeNull();
  const broker = launch('broker-1');
  expect(await meter(300, () => broker.kill('SIGKILL'))).toBeNull();
  launch('broker-1');
  expect(await meter(300, () => void launch('broker-2'))).toBeNull();
});

test('a meter that is stopped before it began says nothing', () => {
  launch('broker-1');
  const start = monotonicMicros() + 10e6;
  expect(new ProductMeter(folder, start, start + 1e6).stop()).toBeNull();
});
