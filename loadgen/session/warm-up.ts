import { warmupMessagesPerSecond } from '../../src/contracts/input/workload.ts';
import { monotonicMicros } from '../measure/clock.ts';
import { Arrivals } from './arrivals.ts';
import { type Finished, Round, type SessionContext } from './round.ts';
import { SessionError } from './session-error.ts';

const warmupRound = 0;

/** Time between the orders for the warm-up and its first message. */
const warmupLeadMs = 20;

/** The round that warms the clients up, about to begin. */
export function warmupRoundOf(context: SessionContext): Round {
  const { workload } = context.input;
  const plan = {
    round: warmupRound,
    startMicros: monotonicMicros() + warmupLeadMs * 1_000,
    steps: [{ messagesPerSecond: warmupMessagesPerSecond(workload), seconds: workload.warmupSeconds }],
  };
  return new Round(context, plan, context.ending);
}

/**
 * Runs the warm-up by the same path as a measurement, until all of it has arrived, or has had its time.
 * @returns how many messages were acknowledged
 * @throws SessionError when the product took none
 */
export async function warmUp(context: SessionContext, round: Round): Promise<number> {
  const { threads, peers } = context;
  const results = await threads.unlessBroken(round.produce());
  const acknowledged = acknowledgedOf(round, results);
  if (peers) await round.keepOutcomes();
  // Without consumers here, what arrives is another generator's to count.
  if (threads.consumers.length > 0) {
    await threads.unlessBroken(new Arrivals(context, round).drainEndedHere());
  }
  await threads.unlessBroken(round.finishConsuming());
  if (peers && threads.consumers.length > 0) await round.keepReceived();
  round.dispose();
  return acknowledged;
}

function acknowledgedOf(round: Round, results: readonly Finished[]): number {
  const { acknowledged, indeterminate } = round.outcomes(results);
  if (acknowledged > 0 || results.every(({ handed }) => handed === 0)) return acknowledged;
  const reason = results.map(({ lastProblem }) => lastProblem).find((problem) => problem !== null);
  const doubt = indeterminate > 0 ? ' (some may have been taken)' : '';
  throw new SessionError(
    'warm-up-failed',
    `no message of the warm-up was acknowledged${doubt}${reason ? `: ${reason}` : ''}`,
  );
}
