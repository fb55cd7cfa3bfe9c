import { expect, test } from '@jest/globals';
import { nextStep } from '../../activities/control/search/capacity-search.ts';
import { judgeProbe } from '../../src/analysis/rates/probes.ts';
import type { Probe } from '../../src/contracts/documents/progress.ts';
import { seededRandom } from '../../src/contracts/input/grid/random.ts';
import { experimentSpec } from '../support/documents.ts';
import { consumePart, producePart } from '../support/load-parts.ts';
import { consumedFrom, type QueueingProduct } from './support/queueing-product.ts';

const spec = experimentSpec({ requirements: [] });
const bounds = { startMessagesPerSecond: 8_000, maxMessagesPerSecond: 1_000_000, resolutionPercent: 5 };

/** Encoding their histograms for each of thousands of probes would be most of the work. */
const none = { publish: null, publishScheduled: null, lateness: null, ownLateness: null };
const produced = producePart(none);
const consumed = consumePart({ endToEnd: null });

/** What a search finds, as its workflow goes about it: null where nothing was sustained. */
function found(product: QueueingProduct, probeSeconds: number, holdSeconds: number): number | null {
  const tried: Probe[] = [];
  for (;;) {
    const { kind, messagesPerSecond } = nextStep(bounds, tried);
    if (messagesPerSecond === null) return null;
    const hold = kind === 'found';
    const seconds = hold ? holdSeconds : probeSeconds;
    const count = messagesPerSecond * seconds;
    const parts = [
      { ...produced, durationSeconds: seconds, scheduled: count, acknowledged: count },
      { ...consumed, ...consumedFrom(product, messagesPerSecond, seconds) },
    ];
    const probe = judgeProbe({ messagesPerSecond, seconds, hold, session: 1 }, parts, spec);
    tried.push(probe);
    if (hold && probe.sustained) return messagesPerSecond;
  }
}

test.each([
  [5, 2, 10, 20],
  [150, 50, 10, 20],
  [300, 100, 10, 20],
  [750, 250, 10, 20],
])(
  'of 100 searches of products of %i ± %i ms, probed for %i s and held for %i s, 95 find the limit',
  (delayMs, jitterMs, probeSeconds, holdSeconds) => {
    const random = seededRandom(delayMs);
    const right = Array.from({ length: 100 }, () => {
      const capacityPerSecond = 20_000 + random() * 60_000;
      const rate = found({ capacityPerSecond, delayMs, jitterMs, random }, probeSeconds, holdSeconds) ?? 0;
      return Math.abs(rate / capacityPerSecond - 1) <= 0.05;
    });
    expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(95);
  },
);
