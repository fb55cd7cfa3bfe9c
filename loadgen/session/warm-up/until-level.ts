import {
  firstLookSeconds,
  type LoadSecond,
  levelOf,
  mostSeconds,
} from '../../../src/analysis/steady/level.ts';
import type { Level } from '../../../src/contracts/documents/load-parts.ts';
import { warmupMessagesPerSecond } from '../../../src/contracts/input/load/schedule.ts';
import { wait } from '../../waiting.ts';
import type { Round, SessionContext } from '../round.ts';

/** Threads tell of a second within a tenth of one, unless they are held up. */
const toldWithinSeconds = 0.25;

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
  for (let at = firstLookSeconds(warmupSeconds, dueHere(context)); at < durationSeconds; at++) {
    const leftSeconds = at + toldWithinSeconds - round.elapsedSeconds;
    await Promise.race([wait(Math.max(0, leftSeconds * 1_000)), over]);
    if (isOver || context.ending.aborted) break;
    const found = levelAt(context, round, at);
    if (found.level === false) continue;
    const seconds = Math.min(durationSeconds, round.elapsedSeconds);
    round.stopProducing(drainTimeoutSeconds * 1_000);
    return { ...found, seconds };
  }
  await over;
  return { ...levelAt(context, round, Math.floor(durationSeconds)), seconds: durationSeconds };
}

/** Where there are other load generators, what comes here is not all that is sent here, nor sent here alone. */
function levelAt(context: SessionContext, round: Round, untilSecond: number): Level {
  const consumesAll = context.threads.consumers.length > 0 && !context.peers;
  const consumed = round.consumed.newest(mostSeconds, untilSecond);
  const seconds = round.produced.newest(mostSeconds, untilSecond).map((produced, index): LoadSecond => {
    const arrived = consumed[index];
    const endToEnd = context.threads.consumers.length > 0;
    return {
      acknowledged: produced?.sums.acknowledged ?? 0,
      received: consumesAll ? (arrived?.sums.received ?? 0) : null,
      p50Ms: (endToEnd ? arrived?.p50Ms.endToEnd : produced?.p50Ms.publishScheduled) ?? null,
      p99Ms: (endToEnd ? arrived?.p99Ms.endToEnd : produced?.p99Ms.publishScheduled) ?? null,
    };
  });
  return levelOf(seconds, dueHere(context));
}

/** Messages a second that the producers here are to send. */
function dueHere({ input: { workload, producers } }: SessionContext): number {
  return (warmupMessagesPerSecond(workload) * producers.length) / workload.producers;
}
