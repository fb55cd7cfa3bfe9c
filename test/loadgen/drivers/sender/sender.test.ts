import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AttemptResult,
  Attempts,
  acknowledged,
  deliveryTimeoutMs,
} from '../../../../loadgen/drivers/sender/attempts.ts';
import { type Batch, type BatchContent, Batcher } from '../../../../loadgen/drivers/sender/batcher.ts';
import { PartitionWindow } from '../../../../loadgen/drivers/sender/partition-window.ts';
import { Sender } from '../../../../loadgen/drivers/sender/sender.ts';
import type { Outcome } from '../../../../loadgen/measure/ledger.ts';
import { experimentSchema } from '../../../../src/contracts/input/experiment.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const refused = (reason = 'FULL', retriable = true): AttemptResult => ({
  kind: 'refused',
  retriable,
  reason,
});
const notSent = (reason = 'no connection'): AttemptResult => ({ kind: 'not-sent', retriable: true, reason });
const doubt = (reason = 'no answer', retriable = true): AttemptResult => ({
  kind: 'in-doubt',
  retriable,
  reason,
});

interface Numbered {
  number: number;
  partition: number;
  key: Buffer;
}

/** Batches of two messages at most. */
class Pair implements BatchContent<Numbered> {
  readonly messages: Numbered[] = [];

  get bytes(): number {
    return this.messages.length;
  }

  append(message: Numbered): boolean {
    return this.messages.length < 2 && this.messages.push(message) > 0;
  }
}

type Request = readonly Batch<Pair>[];

interface Settled {
  outcome: Outcome;
  reason: string | undefined;
  atMs: number;
}

/** A sender over four partitions, led by two, and a product that answers as the test says. */
class World {
  readonly clock = new SimulatedClock();
  readonly underWay: Request[] = [];
  readonly settled = new Map<number, Settled>();
  readonly throttled: { messages: number; reason: string }[] = [];
  doubted = 0;
  readonly logged: string[] = [];
  /** Partition and message numbers of each batch, request by request. */
  readonly sent: string[][] = [];
  settledTwice = 0;
  /** How every attempt ends before it was even handed over. */
  atOnce: AttemptResult | null = null;
  readonly window: PartitionWindow<Numbered, Pair>;
  readonly sender: Sender<Batch<Pair>>;
  private readonly batcher: Batcher<Numbered, Pair>;
  private count = 0;

  constructor({ maxInFlight = 5, luck = 0.5 } = {}) {
    this.batcher = new Batcher<Numbered, Pair>({
      partitions: 4,
      lingerMs: 0,
      batchSizeBytes: 2,
      clock: this.clock,
      partitionOfKey: (key) => key[0] as number,
      open: () => new Pair(),
      release: () => {},
    });
    this.window = new PartitionWindow(this.batcher, maxInFlight, () => luck);
    this.window.setLeaders([0, 0, 1, 1]);
    this.sender = new Sender({
      window: this.window,
      clock: this.clock,
      attempt: (request) => {
        const { atOnce } = this;
        if (atOnce) {
          this.sender.ended(request, () => atOnce);
          return;
        }
        this.underWay.push(request);
        this.sent.push(request.map(({ partition, content }) => `${partition}: ${numbersOf(content).join()}`));
      },
      settle: ({ content }, outcome, reason) => {
        for (const number of numbersOf(content)) {
          if (this.settled.has(number)) this.settledTwice++;
          this.settled.set(number, { outcome, reason, atMs: this.clock.nowMs() });
        }
      },
      throttled: ({ content }, reason) => this.throttled.push({ messages: content.messages.length, reason }),
      doubted: ({ content }) => {
        this.doubted += content.messages.length;
      },
      log: (_level, message) => this.logged.push(message),
    });
  }

  /** Takes messages for a partition, and sends. */
  add(partition: number, count = 1): void {
    for (let index = 0; index < count; index++)
      this.batcher.append({ number: this.count++, partition, key: Buffer.of(partition) });
    this.sender.drain();
  }

  /** Ends the oldest request that is under way. */
  answer(...results: AttemptResult[]): void {
    const request = this.underWay.shift();
    if (!request) throw new Error('nothing is under way');
    this.sender.ended(request, (_, index) => results[Math.min(index, results.length - 1)] as AttemptResult);
  }

  outcomes(): (string | undefined)[] {
    return Array.from({ length: this.count }, (_, number) => this.settled.get(number)?.outcome);
  }
}

function numbersOf(content: Pair): number[] {
  return content.messages.map(({ number }) => number);
}

describe('what becomes of a batch', () => {
  // Each attempt's result in turn; what is not settled by then is given up on by the clock.
  test.each<{
    case: string;
    results: AttemptResult[];
    outcome: Outcome;
    reason?: string;
    throttled: number;
    attempts: number;
  }>([
    {
      case: 'taken at once',
      results: [acknowledged],
      outcome: 'acknowledged',
      throttled: 0,
      attempts: 1,
    },
    {
      case: 'refused for now, then taken',
      results: [refused(), refused(), acknowledged],
      outcome: 'acknowledged',
      throttled: 2,
      attempts: 3,
    },
    {
      case: 'refused for good',
      results: [refused('MESSAGE_TOO_LARGE', false)],
      outcome: 'failed',
      reason: 'MESSAGE_TOO_LARGE',
      throttled: 0,
      attempts: 1,
    },
    {
      case: 'refused for now, then for good',
      results: [refused('FULL'), refused('MESSAGE_TOO_LARGE', false)],
      outcome: 'failed',
      reason: 'MESSAGE_TOO_LARGE',
      throttled: 1,
      attempts: 2,
    },
    {
      case: 'not sent, which is no throttling, then taken',
      results: [notSent(), notSent(), acknowledged],
      outcome: 'acknowledged',
      throttled: 0,
      attempts: 3,
    },
    {
      case: 'in doubt, then taken',
      results: [doubt(), acknowledged],
      outcome: 'acknowledged',
      throttled: 0,
      attempts: 2,
    },
    {
      case: 'in doubt, then refused for good: the doubt stays',
      results: [doubt('no answer'), refused('MESSAGE_TOO_LARGE', false)],
      outcome: 'indeterminate',
      reason: 'no answer',
      throttled: 0,
      attempts: 2,
    },
    {
      case: 'in doubt, not sent, and refused for good',
      results: [doubt('first'), notSent(), refused('later', false)],
      outcome: 'indeterminate',
      reason: 'first',
      throttled: 0,
      attempts: 3,
    },
    {
      case: 'in doubt for good',
      results: [doubt('an answer makes no sense', false)],
      outcome: 'indeterminate',
      reason: 'an answer makes no sense',
      throttled: 0,
      attempts: 1,
    },
  ])('$case', ({ results, outcome, reason, throttled, attempts }) => {
    const world = new World();
    world.add(0, 2);
    for (const result of results) {
      world.answer(result);
      world.clock.advance(2_000);
    }
    expect(world.settled.get(0)).toMatchObject({ outcome, reason });
    expect(world.outcomes()).toEqual([outcome, outcome]);
    expect(world.throttled.reduce((sum, { messages }) => sum + messages, 0)).toBe(2 * throttled);
    expect(world.sent).toHaveLength(attempts);
    expect(world.settledTwice).toBe(0);
  });

  test('each batch of a request has a result of its own', () => {
    const world = new World();
    world.window.paused = true;
    for (const partition of [0, 1]) world.add(partition, 2);
    world.window.paused = false;
    world.add(0);
    expect(world.sent[0]).toEqual(['0: 0,1', '1: 2,3']);
    world.answer(acknowledged, refused('MESSAGE_TOO_LARGE', false));
    expect(world.outcomes().slice(0, 4)).toEqual(['acknowledged', 'acknowledged', 'failed', 'failed']);
  });

  test('waits twice as long each time before it is tried again, up to a second', () => {
    const world = new World();
    world.add(0);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      world.answer(refused());
      const endedMs = world.clock.nowMs();
      while (world.underWay.length === 0) world.clock.advance(1);
      waits.push(world.clock.nowMs() - endedMs);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  test('one complaint a second tells enough', () => {
    const world = new World();
    for (let second = 0; second < 3; second++) {
      for (const partition of [0, 2]) world.add(partition);
      while (world.underWay.length > 0) world.answer(refused('full', false));
      world.clock.advance(1_000);
    }
    expect(world.logged).toEqual(Array(3).fill('sending failed: full'));
  });
});

describe('the time that a batch has', () => {
  const lastLookMs = 100;

  test('is over before a load stops draining by default', () => {
    const { workload } = experimentSchema.parse({
      name: 'default',
      technology: 'kafka',
      workload: { load: { shape: 'constant', messagesPerSecond: 1 } },
    });
    expect(deliveryTimeoutMs + lastLookMs).toBeLessThan(workload.drainTimeoutSeconds * 1_000);
  });

  test.each<{ case: string; result: AttemptResult; outcome: Outcome; reason: string }>([
    { case: 'refused each time', result: refused('FULL'), outcome: 'failed', reason: 'FULL' },
    { case: 'never sent', result: notSent('refused'), outcome: 'failed', reason: 'refused' },
    { case: 'in doubt each time', result: doubt('none'), outcome: 'indeterminate', reason: 'none' },
  ])('$case, it is given up on, and the last refusal is not throttling', ({ result, outcome, reason }) => {
    const world = new World();
    world.add(0);
    while (world.settled.size === 0) {
      if (world.underWay.length > 0) world.answer(result);
      world.clock.advance(10);
    }
    const { atMs, ...settled } = world.settled.get(0) as Settled;
    expect(settled).toEqual({ outcome, reason });
    expect(atMs).toBeGreaterThanOrEqual(deliveryTimeoutMs);
    expect(atMs).toBeLessThanOrEqual(deliveryTimeoutMs + lastLookMs);
    expect(world.throttled).toHaveLength(result.kind === 'refused' ? world.sent.length - 1 : 0);
    expect(world.doubted > 0).toBe(result.kind === 'in-doubt');
    expect(world.doubted).toBeLessThanOrEqual(world.sent.length);
  });

  test('what was never tried has failed', () => {
    const world = new World({ maxInFlight: 1 });
    world.add(0, 2);
    world.add(0, 2);
    world.clock.advance(deliveryTimeoutMs + lastLookMs);
    // The first is under way, and may yet be taken.
    expect(world.outcomes()).toEqual([undefined, undefined, 'failed', 'failed']);
    expect(world.settled.get(2)?.reason).toBe('waited too long for its first attempt');
    world.clock.advance(60_000);
    world.answer(acknowledged);
    expect(world.outcomes()).toEqual(['acknowledged', 'acknowledged', 'failed', 'failed']);
  });

  test('an attempt that fails after it is the last', () => {
    const world = new World();
    world.add(0);
    world.clock.advance(deliveryTimeoutMs + 1);
    world.answer(refused('FULL'));
    expect(world.settled.get(0)).toMatchObject({ outcome: 'failed', reason: 'FULL' });
    expect(world.throttled).toEqual([]);
  });
});

describe('order and room', () => {
  test('a partition that had a failure goes on in order, and alone', () => {
    const world = new World({ maxInFlight: 3 });
    for (let batch = 0; batch < 4; batch++) world.add(0, 2);
    world.add(2);
    expect(world.sent).toEqual([['0: 0,1'], ['0: 2,3'], ['0: 4,5'], ['2: 8']]);
    world.answer(refused());
    world.clock.advance(150);
    // Two of the partition are in flight, so neither the first nor the fourth goes.
    expect(world.sent).toHaveLength(4);
    world.answer(acknowledged);
    expect(world.sent).toHaveLength(4);
    world.answer(acknowledged);
    expect(world.sent.slice(4)).toEqual([['0: 0,1'], ['0: 6,7']]);
  });

  test('no more requests to one leader are under way than may be', () => {
    const world = new World({ maxInFlight: 2 });
    for (const partition of [0, 0, 0, 1, 2, 3, 3]) world.add(partition, 2);
    expect(world.underWay).toHaveLength(4);
    world.answer(acknowledged);
    expect(world.sent[4]?.sort()).toEqual(['0: 4,5', '1: 6,7']);
  });

  test('goes to the new leader', () => {
    const world = new World();
    world.add(0);
    world.answer(refused('NOT_LEADER_OR_FOLLOWER'));
    world.window.setLeaders([7, 0, 1, 1]);
    world.clock.advance(100);
    expect(world.window.leaderOf(world.underWay[0] as Request)).toBe(7);
  });

  test('an end within the attempt itself is an end like another, however many there are', () => {
    const world = new World({ maxInFlight: 1 });
    world.window.paused = true;
    world.add(0, 20_000);
    world.atOnce = refused('too large', false);
    world.window.paused = false;
    world.sender.drain();
    expect(world.settled.size).toBe(20_000);
  });
});

describe('closing', () => {
  test('gives up on what waits, and on what is under way once its attempt has ended', () => {
    const world = new World({ maxInFlight: 1 });
    for (const partition of [0, 0, 2, 2]) world.add(partition);
    world.add(3);
    world.answer(doubt('first'));
    world.sender.close();
    expect(world.settled.get(0)).toMatchObject({ outcome: 'indeterminate', reason: 'first' });
    world.answer(refused());
    world.clock.advance(60_000);
    expect(world.sent).toHaveLength(2);
    expect(world.clock.timers).toBe(0);
    expect(world.outcomes()).not.toContain(undefined);
    expect(world.settledTwice).toBe(0);
  });
});

test('every message is settled once, in doubt if and only if an attempt was, whatever the product answers', () => {
  const anyResult = fc.oneof(
    { weight: 6, arbitrary: fc.constant(acknowledged) },
    { weight: 2, arbitrary: fc.constant(refused()) },
    fc.constant(refused('for good', false)),
    fc.constant(notSent()),
    fc.constant(doubt()),
    fc.constant(doubt('for good', false)),
  );
  const steps = fc.array(
    fc.record({
      partition: fc.nat(3),
      count: fc.nat(4),
      answers: fc.nat(3),
      passMs: fc.constantFrom(0, 1, 50, 1_000, 5_000),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(
      steps,
      fc.infiniteStream(anyResult),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (steps, results, luck) => {
        const world = new World({ maxInFlight: 2, luck });
        const doubtful = new Set<number>();
        const taken = new Set<number>();
        const attempts = new Map<number, number>();
        let refusals = 0;
        const answerOne = () => {
          const request = world.underWay.shift();
          if (!request) return;
          const answers = request.map(() => results.next().value as AttemptResult);
          request.forEach(({ content }, index) => {
            const answer = answers[index] as AttemptResult;
            for (const number of numbersOf(content)) {
              // What is settled is never sent again.
              expect(world.settled.has(number)).toBe(false);
              attempts.set(number, (attempts.get(number) ?? 0) + 1);
              if (answer.kind === 'in-doubt') doubtful.add(number);
              if (answer.kind === 'acknowledged') taken.add(number);
              if (answer.kind === 'refused') refusals++;
            }
          });
          world.sender.ended(request, (_, index) => answers[index] as AttemptResult);
        };
        for (const { partition, count, answers, passMs } of steps) {
          world.add(partition, count);
          for (let answer = 0; answer < answers; answer++) answerOne();
          world.clock.advance(passMs);
        }
        for (let left = 200; left > 0; left--) {
          while (world.underWay.length > 0) answerOne();
          world.clock.advance(500);
        }
        expect(world.settledTwice).toBe(0);
        for (const [number, { outcome }] of world.settled) {
          const expected = taken.has(number)
            ? 'acknowledged'
            : doubtful.has(number)
              ? 'indeterminate'
              : 'failed';
          expect([number, outcome]).toEqual([number, expected]);
        }
        expect(world.outcomes()).not.toContain(undefined);
        expect(world.throttled.reduce((sum, { messages }) => sum + messages, 0)).toBeLessThanOrEqual(
          refusals,
        );
        world.sender.close();
        expect(world.clock.timers).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});

test('the attempts of one batch can be begun anew for another', () => {
  const attempts = new Attempts(0);
  attempts.begin(1);
  attempts.fail({ kind: 'in-doubt', retriable: true, reason: 'none' }, 2);
  attempts.renew(1_000);
  expect([attempts.begun, attempts.outcome, attempts.begin(1_001)]).toEqual([0, 'failed', null]);
  expect(attempts.isOverdue(1_000 + deliveryTimeoutMs - 1)).toBe(false);
  expect(attempts.isOverdue(1_000 + deliveryTimeoutMs)).toBe(true);
});
