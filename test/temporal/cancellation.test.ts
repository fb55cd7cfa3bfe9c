import { describe, expect, test } from '@jest/globals';
import { cancellationOf, endingOf } from '../../src/temporal/cancellation.ts';

describe('a cancellation', () => {
  const none = { cancelRequested: false, notFound: false, timedOut: false };
  const asked = { ...none, cancelRequested: true };

  test.each([
    { details: asked, means: 'cancelled', when: 'someone asked for it' },
    { details: { cancelRequested: true }, means: 'cancelled', when: 'nothing else is said' },
    { details: none, means: 'lost', when: 'nobody asked for it' },
    { details: {}, means: 'lost', when: 'nothing is said' },
    { details: undefined, means: 'lost', when: 'nobody says why' },
    { details: { ...none, notFound: true }, means: 'lost', when: 'its workflow is gone' },
    { details: { notFound: true }, means: 'lost', when: 'its workflow is gone' },
    { details: { timedOut: true }, means: 'lost', when: 'the attempt was too slow' },
    { details: { workerShutdown: true }, means: 'lost', when: 'the worker ends' },
    { details: { paused: true }, means: 'lost', when: 'the activity was paused' },
    { details: { reset: true }, means: 'lost', when: 'the activity was reset' },
    { details: { ...asked, timedOut: true }, means: 'lost', when: 'another attempt may own it' },
    { details: { ...asked, notFound: true }, means: 'lost', when: 'its workflow is gone by then' },
    { details: { ...asked, workerShutdown: true }, means: 'lost', when: 'the worker ends besides' },
    { details: { ...asked, paused: true }, means: 'lost', when: 'it was paused besides' },
    { details: { ...asked, reset: true }, means: 'lost', when: 'it was reset besides' },
  ])('means $means when $when: $details', ({ details, means }) => {
    expect(cancellationOf(details)).toBe(means);
  });
});

test('an attempt that nothing ends may go on, whatever the details say', () => {
  const { signal } = new AbortController();
  expect(endingOf({ cancellationSignal: signal, cancellationDetails: undefined })).toBeNull();
});
