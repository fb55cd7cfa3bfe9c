import { describe, expect, it } from '@jest/globals';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { assertOwned } from '../../../activities/home/attempt.ts';
import { inAttempt } from '../../../activities/home/infrastructure.ts';
import { AttemptLostError } from '../../../src/temporal/activity-error.ts';
import { failureInterceptor } from '../../../src/temporal/failure-interceptor.ts';

function environment() {
  const world = new MockActivityEnvironment(
    {},
    { interceptors: [failureInterceptor], logger: new DefaultLogger('ERROR') },
  );
  const beats: unknown[] = [];
  world.on('heartbeat', (details) => beats.push(details));
  return { world, beats };
}

describe('an attempt', () => {
  it.each([
    [null, null],
    [{ cancelRequested: true }, 'cancelled'],
    [{ cancelRequested: true, workerShutdown: true }, 'lost'],
    [{ paused: true }, 'lost'],
  ])('with cancellation details %j ends as %j', async (details, expected) => {
    const { world } = environment();
    if (details) world.cancel('CANCELLED', new ActivityCancellationDetails(details));
    expect(await world.run(() => inAttempt(async (attempt) => attempt.ending()))).toBe(expected);
  });

  it('heartbeats at once, and what its work throws is translated', async () => {
    const { world, beats } = environment();
    const work = world.run(() => inAttempt(async () => Promise.reject(new AttemptLostError('x'))));
    await expect(work).rejects.toMatchObject({ type: 'AttemptLost' });
    expect(beats).toHaveLength(1);
  });

  it('that was given up writes nothing more, and ends with the SDK’s own error', async () => {
    const { world } = environment();
    world.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    const work = world.run(() => inAttempt(async (attempt) => assertOwned(attempt)));
    await expect(work).rejects.toBe(world.context.cancellationSignal.reason);
  });
});
