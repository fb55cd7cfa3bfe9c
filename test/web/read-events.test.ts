import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { readEvents, StreamStalled } from '../../src/web/data/read-events.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A stream that is told what to bring, and when. */
function tellable() {
  let told: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      told = controller;
    },
    cancel() {
      isCancelled = true;
    },
  });
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    body,
    tell: (text: string) => told?.enqueue(bytes(text)),
    end: () => told?.close(),
    isCancelled: () => isCancelled,
  };
}

function listeners() {
  const seen: string[] = [];
  return {
    seen,
    onEvent: ({ data }: { data: string }) => void seen.push(data),
    onComment: () => void seen.push('(comment)'),
  };
}

test('events and signs of life are told until the stream ends, a letter in two pieces too', async () => {
  const stream = tellable();
  const told = listeners();
  const reading = readEvents(stream.body, told, 15_000);
  stream.tell(': here\n\ndata: one\n\n');
  await jest.advanceTimersByTimeAsync(10_000);
  stream.tell('data: two\n\n');
  stream.end();
  await reading;
  expect(told.seen).toEqual(['(comment)', 'one', 'two']);
});

test('a stream that brings nothing for too long is given up, and let go', async () => {
  const stream = tellable();
  const told = listeners();
  const reading = readEvents(stream.body, told, 15_000);
  const outcome = expect(reading).rejects.toThrow(StreamStalled);
  await jest.advanceTimersByTimeAsync(10_000);
  stream.tell(': here\n\n');
  await jest.advanceTimersByTimeAsync(14_000);
  expect(stream.isCancelled()).toBe(false);
  await jest.advanceTimersByTimeAsync(2_000);
  await outcome;
  expect(stream.isCancelled()).toBe(true);
});
