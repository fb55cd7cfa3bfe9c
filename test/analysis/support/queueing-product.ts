import type { ConsumePart } from '../../../src/contracts/documents/load-parts.ts';

/** A product that takes so much a second, and hands each message over some time later, in order. */
export interface QueueingProduct {
  capacityPerSecond: number;
  delayMs: number;
  /** The delay differs by at most this from one hand-over to the next. */
  jitterMs: number;
  random: () => number;
}

/** Load that is offered in one go, in seconds. */
const stepSeconds = 0.02;
/** How long the product's delay stays what it is, as that of a reader that polls does. */
const delayLastsSeconds = 0.2;

/** What a consumer sees of such a product at a steady rate, second by second, until all has come. */
export function consumedFrom(
  { capacityPerSecond, delayMs, jitterMs, random }: QueueingProduct,
  messagesPerSecond: number,
  seconds: number,
): Partial<ConsumePart> {
  const bySecond = new Map<
    number,
    { received: number; secondsLeft: number; latencies: [number, number][] }
  >();
  const each = messagesPerSecond * stepSeconds;
  let servedAt = 0;
  let cameAt = 0;
  let delay = 0;
  for (let step = 0; step < Math.round(seconds / stepSeconds); step++) {
    const due = step * stepSeconds;
    servedAt = Math.max(servedAt, due) + each / capacityPerSecond;
    if (step % Math.round(delayLastsSeconds / stepSeconds) === 0)
      delay = (delayMs + (random() * 2 - 1) * jitterMs) / 1_000;
    cameAt = Math.max(cameAt, servedAt + delay);
    const second = Math.floor(cameAt) + 1;
    const entry = bySecond.get(second) ?? { received: 0, secondsLeft: 0, latencies: [] };
    bySecond.set(second, entry);
    entry.received += each;
    entry.secondsLeft += each * (second - cameAt);
    entry.latencies.push([cameAt - due, each]);
  }
  return {
    received: messagesPerSecond * seconds,
    series: [...bySecond].map(([second, { received, secondsLeft, latencies }]) => ({
      second,
      received,
      secondsLeft,
      endToEndP50Ms: quantileMs(latencies, 0.5),
      endToEndP99Ms: quantileMs(latencies, 0.99),
    })),
  };
}

function quantileMs(latencies: [number, number][], quantile: number): number {
  const sorted = latencies.map(([seconds]) => seconds).sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0) * 1_000;
}
