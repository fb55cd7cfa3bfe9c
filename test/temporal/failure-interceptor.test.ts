import { describe, expect, it } from '@jest/globals';
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { z } from 'zod';
import { OperatorNeededError, TerraformFailedError } from '../../activities/home/errors.ts';
import { SessionError } from '../../loadgen/session-error.ts';
import {
  AttemptCancelledError,
  AttemptLostError,
  InvalidInputError,
} from '../../src/temporal/activity-error.ts';
import { failureInterceptor, failureOf } from '../../src/temporal/failure-interceptor.ts';

const fault = { pointer: '/name', detail: 'is empty' };
const diagnostics = [{ severity: 'error' as const, summary: 's', detail: 'd', address: null }];

describe('failureOf', () => {
  it.each([
    [new InvalidInputError('bad'), { type: 'InvalidInput', nonRetryable: true, message: 'bad' }],
    [new InvalidInputError('bad', [fault]), { type: 'InvalidInput', nonRetryable: true, details: [[fault]] }],
    [
      new TerraformFailedError('failed', diagnostics),
      { type: 'TerraformFailed', nonRetryable: false, details: [diagnostics] },
    ],
    [
      new OperatorNeededError('why', ['do']),
      { type: 'OperatorNeeded', nonRetryable: false, details: [{ reason: 'why', actions: ['do'] }] },
    ],
    [
      new SessionError('thread-broken', 'gone'),
      { type: 'thread-broken', nonRetryable: true, message: 'gone' },
    ],
    [new AttemptLostError('lost'), { type: 'AttemptLost', nonRetryable: false }],
    [new Error('S3 is away'), { type: 'Unexpected', nonRetryable: false, message: 'S3 is away' }],
    // What we wrote ourselves cannot be read: no mistake of the user's.
    [z.string().safeParse(1).error, { type: 'Unexpected', nonRetryable: false }],
    ['a string', { type: 'Unexpected', message: 'a string' }],
  ])('translates %p', (error, expected) => {
    const failure = failureOf(error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject(expected);
  });

  it('ends a cancelled attempt as cancelled', () => {
    expect(failureOf(new AttemptCancelledError('cancelled'))).toBeInstanceOf(CancelledFailure);
  });

  it('leaves Temporal’s own as they are', () => {
    const own = ApplicationFailure.create({ message: 'own' });
    expect(failureOf(own)).toBe(own);
  });
});

describe('an activity', () => {
  const environment = () =>
    new MockActivityEnvironment(
      {},
      { interceptors: [failureInterceptor], logger: new DefaultLogger('ERROR') },
    );
  const fails = (error: unknown) => async () => Promise.reject(error);

  it('has what it throws translated', async () => {
    const running = environment().run(fails(new AttemptLostError('x')));
    await expect(running).rejects.toMatchObject({ type: 'AttemptLost' });
  });

  it('ends with the SDK’s own error when it was given up, so that it is told from a failure', async () => {
    const world = environment();
    world.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    await expect(world.run(fails(new Error('x')))).rejects.toBe(world.context.cancellationSignal.reason);
  });

  it('may still fail once it was asked to cancel', async () => {
    const world = environment();
    world.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
    await expect(world.run(fails(new Error('x')))).rejects.toMatchObject({ type: 'Unexpected' });
  });

  it('returns what it returns', async () => {
    expect(await environment().run(async () => 1)).toBe(1);
  });
});
