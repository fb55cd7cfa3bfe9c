import { describe, expect, it } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { z } from 'zod';
import {
  AttemptCancelledError,
  AttemptLostError,
  InvalidInputError,
  OperatorNeededError,
  TerraformFailedError,
  toTemporalFailure,
} from '../../../activities/home/errors.ts';
import { endingOf, inAttempt } from '../../../activities/home/infrastructure.ts';

describe('toTemporalFailure', () => {
  const diagnostics = [{ severity: 'error' as const, summary: 's', detail: 'd', address: null }];
  it.each([
    [new InvalidInputError('bad'), { type: 'InvalidInput', nonRetryable: true, message: 'bad' }],
    [z.string().safeParse(1).error, { type: 'InvalidInput', nonRetryable: true }],
    [
      new TerraformFailedError('failed', diagnostics),
      { type: 'TerraformFailed', nonRetryable: false, details: [diagnostics] },
    ],
    [
      new OperatorNeededError('why', ['do']),
      { type: 'OperatorNeeded', nonRetryable: false, details: [{ reason: 'why', actions: ['do'] }] },
    ],
    [new AttemptLostError('lost'), { type: 'AttemptLost', nonRetryable: false }],
    [new Error('S3 is away'), { type: 'Unexpected', nonRetryable: false, message: 'S3 is away' }],
    ['a string', { type: 'Unexpected', message: 'a string' }],
  ])('translates %p', (error, expected) => {
    const failure = toTemporalFailure(error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject(expected);
  });

  it('ends a cancelled attempt as cancelled', () => {
    expect(toTemporalFailure(new AttemptCancelledError('cancelled'))).toBeInstanceOf(CancelledFailure);
  });

  it('leaves Temporal’s own as they are', () => {
    const own = ApplicationFailure.create({ message: 'own' });
    expect(toTemporalFailure(own)).toBe(own);
  });
});

function fakeContext(details?: ConstructorParameters<typeof ActivityCancellationDetails>[0]) {
  const controller = new AbortController();
  if (details) controller.abort(new CancelledFailure('ended'));
  const beats: unknown[] = [];
  const context = {
    cancellationSignal: controller.signal,
    cancellationDetails: details && new ActivityCancellationDetails(details),
    heartbeat: (beat: unknown) => beats.push(beat),
  } as unknown as Context;
  return { context, beats };
}

describe('an attempt', () => {
  it.each([
    [undefined, null],
    [{ cancelRequested: true }, 'cancelled'],
    [{ cancelRequested: true, workerShutdown: true }, 'lost'],
    [{ workerShutdown: true }, 'lost'],
    [{ timedOut: true }, 'lost'],
    [{ notFound: true }, 'lost'],
    [{ paused: true }, 'lost'],
    [{ reset: true }, 'lost'],
    [{}, 'lost'],
  ] as const)('with cancellation details %j ends as %j', (details, expected) => {
    expect(endingOf(fakeContext(details).context)).toBe(expected);
  });

  it('heartbeats at once and translates what its work throws', async () => {
    const { context, beats } = fakeContext();
    const work = asyncLocalStorage.run(context, () =>
      inAttempt(async () => Promise.reject(new AttemptLostError('x'))),
    );
    await expect(work).rejects.toMatchObject({ type: 'AttemptLost' });
    expect(beats).toHaveLength(1);
  });

  it('ends with the SDK’s own error when it was given up, so that it is told from a failure', async () => {
    const { context } = fakeContext({ workerShutdown: true });
    const work = asyncLocalStorage.run(context, () => inAttempt(async () => Promise.reject(new Error('x'))));
    await expect(work).rejects.toBe(context.cancellationSignal.reason);
  });
});
