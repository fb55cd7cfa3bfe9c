import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { keepReading } from '../../src/web/data/reading.ts';

/** A page that is looked at, or is not. */
class FakePage extends EventTarget {
  hidden = false;

  become(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

let page: FakePage;
let stop: AbortController;
let reads: number;

beforeEach(() => {
  jest.useFakeTimers();
  page = new FakePage();
  stop = new AbortController();
  reads = 0;
});
afterEach(() => {
  stop.abort();
  jest.useRealTimers();
});

function begin(everyMs?: number, answers: boolean[] = []): void {
  const read = async () => {
    reads += 1;
    return answers.shift() ?? true;
  };
  keepReading({ read, everyMs, page, signal: stop.signal });
}

test.each([[undefined], [1_000]])('a page that nobody sees reads once, every %p ms', async (everyMs) => {
  page.hidden = true;
  begin(everyMs);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(reads).toBe(1);
});

test('what is read at intervals is read again at once when the page is seen again, and then goes on', async () => {
  begin(1_000);
  await jest.advanceTimersByTimeAsync(2_500);
  expect(reads).toBe(3);
  page.become(true);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(reads).toBe(3);
  page.become(false);
  expect(reads).toBe(4);
  await jest.advanceTimersByTimeAsync(2_500);
  expect(reads).toBe(6);
});

test('what is read once is read again only where it had failed', async () => {
  begin(undefined, [false, true]);
  await jest.advanceTimersByTimeAsync(100);
  for (let time = 0; time < 3; time++) {
    page.become(true);
    page.become(false);
    await jest.advanceTimersByTimeAsync(100);
  }
  expect(reads).toBe(2);
});

test('nothing is read after the end', async () => {
  begin(1_000);
  await jest.advanceTimersByTimeAsync(100);
  stop.abort();
  page.become(true);
  page.become(false);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(reads).toBe(1);
});
