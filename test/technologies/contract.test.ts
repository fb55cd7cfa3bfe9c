/**
 * What every technology must do, on real infrastructure. A new one starts here: give it an entry in samples.ts, and this
 * suite says what is missing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { endlessAttempt } from '../../activities/home/attempt.ts';
import { destroy } from '../../activities/home/destroy.ts';
import { inventory } from '../../activities/home/inventory.ts';
import { placements } from '../../activities/home/placements/registry.ts';
import { ownsInfrastructure, provision } from '../../activities/home/provision.ts';
import type { Driver } from '../../loadgen/drivers/driver.ts';
import { driverModules, loadDriver } from '../../loadgen/drivers/registry.ts';
import { projectRoot } from '../../src/config.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { workloadSchema } from '../../src/contracts/input/workload.ts';
import type {
  InfrastructureRef,
  ProvisionOutput,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import { endProcess } from '../../src/machine/end.ts';
import { findLaunched } from '../../src/machine/launched.ts';
import type { Target } from '../../src/technologies/card.ts';
import { guaranteeOf, mishaps } from '../../src/technologies/guarantee.ts';
import { technologyCard, technologyIds } from '../../src/technologies/registry.ts';
import { type Bench, killEverything, startBench } from '../activities/home/support/terraform-world.ts';
import { Collector } from '../loadgen/support/collector.ts';
import { measureBoth } from '../loadgen/support/measuring.ts';
import { sessionOf } from '../loadgen/support/session-of.ts';
import { until } from '../support/until.ts';
import { samples } from './samples.ts';

// A stream of the emulator takes half a minute to come and to go.
jest.setTimeout(300_000);

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(async () => {
  await bench?.stop();
});

// One side alone is a technology that was begun.
const begun = [...new Set([...technologyIds, ...Object.keys(samples)])];

test.each(begun)('%s is in the registry, and has a sample', (technology) => {
  expect(technologyIds).toContain(technology);
  expect(samples).toHaveProperty(technology);
});

const whole = technologyIds.filter((technology) => technology in samples);

describe.each(whole.map((technology) => ({ technology })))('$technology', ({ technology }) => {
  const card = technologyCard(technology);
  const { settings: sample, refused } = samples[technology];
  const settings = card.settings.parse(sample) as Record<string, unknown>;
  const targets = Object.keys(card.targets) as Target[];
  let ref: InfrastructureRef;
  let output: ProvisionOutput;
  let driver: Driver;

  const collect = (sessionName: string, messageSizeBytes = 200) =>
    new Collector(settings, output.endpoint, sessionName, messageSizeBytes);

  describe('has every piece', () => {
    test('a card that says what it is, and a description of every setting', () => {
      expect(card.id).toBe(technology);
      expect(card.label).not.toBe('');
      expect(card.summary).toMatch(/\.$/);
      expect(targets).not.toEqual([]);
      const schema = z.toJSONSchema(card.settings, { io: 'input', unrepresentable: 'any' });
      const properties = Object.entries(schema.properties ?? {});
      expect(properties).not.toEqual([]);
      for (const [name, property] of properties) {
        expect([name, typeof property === 'object' && property.description]).toEqual([
          name,
          expect.any(String),
        ]);
      }
      // Every setting has a default.
      expect(card.settings.safeParse({}).success).toBe(true);
    });

    test('what an acknowledgement is worth, and the settings to ask for more', () => {
      expect(guaranteeOf(card.acknowledgement(settings)).explanation).toMatch(/\.$/);
      for (const durability of mishaps) {
        const durable = card.settings.parse({ durability });
        const { weaknesses } = card.acknowledgement(durable);
        expect(weaknesses.filter(({ breaks }) => breaks.includes(durability))).toEqual([]);
        // In what is the user's own, it is not ours to set.
        expect(card.settingsProblems(durable, 'local')).toEqual([]);
      }
    });

    test('a driver, and on every target a root module and an inventory entry', async () => {
      const { createProducer, createConsumer, clients } = await loadDriver(driverModules[technology]);
      expect([typeof createProducer, typeof createConsumer]).toEqual(['function', 'function']);
      const { producer, consumer } = clients(settings);
      for (const client of [producer, consumer]) {
        expect(client).toMatchObject({ name: expect.any(String), version: expect.stringMatching(/^\d/) });
        // Nobody gets the same numbers without knowing.
        expect(client.adds.length).toBeGreaterThan(0);
      }
      for (const target of targets) {
        expect(existsSync(join(projectRoot, 'terraform', technology, target, 'main.tf'))).toBe(true);
        expect(placements[technology][target]).toBeDefined();
      }
    });

    test('a place in the README', () => {
      expect(readFileSync(join(projectRoot, 'README.md'), 'utf8')).toContain(card.label);
    });

    test.each(refused)('refuses $settings before anything is started', ({ settings: wrong, pointer }) => {
      const { error } = experimentSchema.safeParse({
        name: 'refused',
        technology,
        settings: wrong,
        workload: { load: { shape: 'constant', messagesPerSecond: 1 } },
      });
      expect(error?.issues.map(({ path }) => path.join('.'))).toContain(`settings.${pointer}`);
    });
  });

  // In this order, on one infrastructure.
  describe('on this machine', () => {
    beforeAll(async () => {
      driver = await loadDriver(driverModules[technology]);
    });

    test('is adopted and made whole after terraform and its supervisor were killed in mid-apply', async () => {
      ref = bench.experiment(technology, sample);
      const first = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
      await until(
        'something of it exists',
        async () =>
          (await inventory(bench.deps, ref)).some(({ kind }) => kind === 'stream' || kind === 'folder'),
        { timeoutMs: 150_000, everyMs: 10 },
      );
      killEverything(bench, ref);
      expect(((await first) as Error).message).toMatch(/was killed/);
      output = await provision(bench.deps, ref, endlessAttempt);
      expect(output.endpoint).toEqual(card.endpoint.parse(output.endpoint));
      expect(output.generators).toBe(1);
      expect(output.product.name).not.toBe('');
      expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
      expect(await inventory(bench.deps, ref)).not.toEqual([]);
    });

    test('delivers everything once to consumers that share it, in order where it promises that', async () => {
      const collected = collect('shared');
      try {
        await collected.openConsumers(driver, 2);
        await collected.send(await collected.openProducer(driver), 1_500);
        await collected.received(1_500);
        expect(collected.count('acknowledged')).toBe(1_500);
        expect(collected.settledTwice).toBe(0);
        expect(collected.arrivals).toHaveLength(1_500);
        expect(collected.assigned.flat().sort()).toEqual([0, 1, 2]);
        expect(new Set(collected.arrivals.map(({ consumer }) => consumer))).toEqual(new Set([0, 1]));
        if (!driver.keepsOrder) return;
        for (const partition of [0, 1, 2]) {
          const sequences = collected.arrivals
            .filter((arrival) => arrival.partition === partition)
            .map(({ sequence }) => sequence);
          expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
        }
      } finally {
        await collected.close();
      }
    });

    test('keeps each key in one partition, and shows a new session what an earlier one left', async () => {
      // Another size than the earlier messages have, to tell them apart.
      const collected = collect('keys', 300);
      const own = () => collected.arrivals.filter(({ bytes }) => bytes === 300);
      try {
        await collected.openConsumers(driver, 1);
        const keyOf = (sequence: number) => `key-${sequence % 20}`;
        await collected.send(await collected.openProducer(driver), 200, keyOf);
        await until('all have arrived', () => own().length >= 200 && collected.arrivals.length >= 1_700);
        expect(collected.arrivals).toHaveLength(1_700);
        const partitions = new Map<string, Set<number>>();
        for (const { sequence, partition } of own()) {
          const key = keyOf(sequence);
          partitions.set(key, (partitions.get(key) ?? new Set()).add(partition));
        }
        expect([...partitions.values()].map(({ size }) => size)).toEqual(Array(20).fill(1));
      } finally {
        await collected.close();
      }
    });

    test('shows nobody what was deleted, and goes on', async () => {
      // A stream of Kinesis keeps its records for a day whatever one asks for.
      if (technology === 'kinesis') return expect(driver.empty).toBeUndefined();
      const sizes = (of: Collector) => of.arrivals.map(({ bytes }) => bytes).filter((bytes) => bytes > 300);
      const before = collect('emptied', 400);
      try {
        await before.openConsumers(driver, 1);
        await before.send(await before.openProducer(driver), 100);
        await until('all are there', () => sizes(before).length === 100);
        const { endpoint } = output;
        const context = { settings, endpoint, sessionName: 'emptied', index: 0, count: 1, log: () => {} };
        await driver.empty?.(context);
        await before.send(await before.openProducer(driver), 50);
        await until('it reads on', () => sizes(before).length === 150);
      } finally {
        await before.close();
      }
      const after = collect('after', 500);
      try {
        await after.openConsumers(driver, 1);
        await after.send(await after.openProducer(driver), 10);
        await until('all are there', () => sizes(after).includes(500) && sizes(after).length >= 60);
        expect(sizes(after).toSorted()).toEqual([...Array(50).fill(400), ...Array(10).fill(500)]);
        expect(after.arrivals).toHaveLength(60);
      } finally {
        await after.close();
      }
    });

    test('is measured by a whole session, every message accounted for', async () => {
      const session = sessionOf({
        technology,
        experimentId: ref.experimentId,
        settings: sample,
        endpoint: output.endpoint as Record<string, unknown>,
        workload: workloadSchema.parse({
          load: { shape: 'constant', messagesPerSecond: 500 },
          messageSizeBytes: 200,
          producers: 2,
          consumers: 2,
          keys: { distribution: 'uniform', cardinality: 100 },
          warmupSeconds: 1,
          durationSeconds: 3,
        }),
      });
      try {
        await session.open();
        const { produced, consumed } = await measureBoth(session);
        expect(produced).toMatchObject({
          scheduled: 1_500,
          unsent: 0,
          acknowledged: 1_500,
          indeterminate: 0,
        });
        const none = { lost: 0, duplicated: 0, unexpected: 0 };
        expect(consumed).toMatchObject({ received: 1_500, ...none });
        expect(consumed.reordered).toBe(driver.keepsOrder ? 0 : null);
      } finally {
        await session.close();
      }
    });

    test('is not whole without one of its processes, and made whole by the next apply', async () => {
      const launched = () =>
        findLaunched(bench.runFolder(ref)).filter(({ name }) => !name.startsWith('generator-'));
      const [victim] = launched();
      if (!victim) throw new Error('it has no process of its own');
      await endProcess(victim.identity, { signal: 'SIGKILL' });
      expect(await ownsInfrastructure(bench.deps, ref)).toBe(false);
      const again = await provision(bench.deps, ref, endlessAttempt);
      expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
      expect(launched().map(({ name }) => name)).toEqual([victim.name]);
      const collected = new Collector(settings, again.endpoint, 'again');
      try {
        await collected.send(await collected.openProducer(driver), 10);
        expect(collected.count('acknowledged')).toBe(10);
      } finally {
        await collected.close();
      }
    });

    test('leaves nothing when it is destroyed', async () => {
      await destroy(bench.deps, ref, endlessAttempt);
      expect(bench.processes(ref).map(({ args }) => args.join(' '))).toEqual([]);
      expect(await bench.streams()).toEqual([]);
      expect(await bench.stateObjects(ref)).toEqual([]);
      expect(await inventory(bench.deps, ref)).toEqual([]);
      expect(existsSync(bench.runFolder(ref))).toBe(false);
    });
  });
});
