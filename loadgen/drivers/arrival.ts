import { monotonicMicros } from '../measure/clock.ts';

/**
 * A clock for libraries that hand over messages one by one: it is read for the first of those that come together, in one
 * piece of running code, and stands still for the others.
 */
export function arrivalClock(readMicros: () => number = monotonicMicros): () => number {
  let arrivedMicros: number | null = null;
  const forget = () => {
    arrivedMicros = null;
  };
  return () => {
    if (arrivedMicros === null) {
      arrivedMicros = readMicros();
      queueMicrotask(forget);
    }
    return arrivedMicros;
  };
}
