import {
  firstLookSeconds,
  type LoadSecond,
  levelOf,
  mostSeconds,
  shortfallOf,
} from '../../../src/analysis/steady/level.ts';
import type { Level } from '../../../src/contracts/documents/load-parts.ts';
import { warmupMessagesPerSecond } from '../../../src/contracts/input/load/schedule.ts';
import { wait } from '../../waiting.ts';
import type { Round, SessionContext } from '../round.ts';

/** Threads tell of a second within a tenth of one, unless they are held up. */
const toldWithinSeconds = 0.25;

/** A load of which too little comes through at so many looks in a row is beyond the product, and only piles up. */
const mostShortLooks = 10;

/** How level the load of a round became, and for how long it lasted. */
export interface Levelled extends Level {
  seconds: number;
}

/**
 * Looks at a round each second, once it may be ended, and stops its producers as soon as its load is level, or no look
 * would tell. What is under way then has the time to settle that it always has.
 * @param ended settled when the producers have ended, well or not
 */
export async function stopOnceLevel(
  context: SessionContext,
  round: Round,
  ended: Promise<unknown>,
): Promise<Levelled> {
  const { warmupSeconds, drainTimeoutSeconds } = context.input.workload;
  const { durationSeconds } = round;
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  const over = ended.then(end, end);
  await Promise.race([round.started, over]);
  const due = dueHere(context);
  let shortLooks = 0;
  for (let at = firstLookSeconds(warmupSeconds, due); at < durationSeconds; at++) {
    const leftSeconds = at + toldWithinSeconds - round.elapsedSeconds;
    await Promise.race([wait(Math.max(0, leftSeconds * 1_000)), over]);
    if (isOver || context.ending.aborted) break;
    const looked = secondsOf(context, round, at);
    const found = levelOf(looked, due, at);
    shortLooks = shortfallOf(looked, due, at) === null ? 0 : shortLooks + 1;
    if (found.level === false && shortLooks < mostShortLooks) continue;
    const seconds = Math.min(durationSeconds, round.elapsedSeconds);
    round.stopProducing(drainTimeoutSeconds * 1_000);
    return { ...found, seconds };
  }
  await over;
  const last = Math.floor(durationSeconds);
  return { ...levelOf(secondsOf(context, round, last), due, last), seconds: durationSeconds };
}

/** Where there are other load generators, what comes here is not all that is sent here, nor sent here alone. */
function secondsOf(context: SessionContext, round: Round, untilSecond: number): LoadSecond[] {
  const consumesAll = context.threads.consumers.length > 0 && !context.peers;
  const consumed = round.consumed.newest(mostSeconds, untilSecond);
  return round.produced.newest(mostSeconds, untilSecond).map((produced, index): LoadSecond => {
    const arrived = consumed[index];
    const endToEnd = context.threads.consumers.length > 0;
    return {
      acknowledged: produced?.sums.acknowledged ?? 0,
      received: consumesAll ? (arrived?.sums.received ?? 0) : null,
      p50Ms: (endToEnd ? arrived?.p50Ms.endToEnd : produced?.p50Ms.publishScheduled) ?? null,
      p99Ms: (endToEnd ? arrived?.p99Ms.endToEnd : produced?.p99Ms.publishScheduled) ?? null,
    };
  });
}

/** Messages a second that the producers here are to send. */
function dueHere({ input: { workload, producers } }: SessionContext): number {
  return (warmupMessagesPerSecond(workload) * producers.length) / workload.producers;
}
