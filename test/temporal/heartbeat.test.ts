import { expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { whileHeartbeating } from '../../src/temporal/heartbeat.ts';
import { until } from '../support/until.ts';

function environment() {
  const world = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const beats: unknown[] = [];
  world.on('heartbeat', (details) => beats.push(details));
  return { world, beats };
}

test('heartbeats come at once and go on, each with what there is to tell then', async () => {
  const { world, beats } = environment();
  let told = 0;
  await world.run(() =>
    whileHeartbeating(() => until('two heartbeats', () => beats.length >= 2), { details: () => ++told }),
  );
  expect(beats.slice(0, 2)).toEqual([1, 2]);
});

test('one that may not beat is silent', async () => {
  const { world, beats } = environment();
  await world.run(() => whileHeartbeating(async () => 1, { mayBeat: () => false }));
  expect(beats).toEqual([]);
});

test('what the work returns or throws is passed on, and the heartbeats end with it', async () => {
  const { world, beats } = environment();
  expect(await world.run(() => whileHeartbeating(async () => 'done'))).toBe('done');
  const failing = world.run(() => whileHeartbeating(async () => Promise.reject(new Error('x'))));
  await expect(failing).rejects.toThrow('x');
  expect(beats).toHaveLength(2);
});
