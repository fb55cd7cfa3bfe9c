import { allRefusals, mergeRefusals, nothingAcknowledged } from '../../src/analysis/refusals.ts';
import type { OpenSessionOutput } from '../../src/contracts/documents/load-parts.ts';
import { warmupMessagesPerSecond } from '../../src/contracts/input/load/schedule.ts';
import { SessionError } from '../session-error.ts';
import { Arrivals } from './arrivals.ts';
import { type Finished, Round, type SessionContext } from './round.ts';

const warmupRound = 0;

/** The round that warms the clients up, about to begin. */
export function warmupRoundOf(context: SessionContext): Round {
  const { workload } = context.input;
  const plan = {
    round: warmupRound,
    startAtEpochMs: null,
    undrainedBefore: 0,
    steps: [{ messagesPerSecond: warmupMessagesPerSecond(workload), seconds: workload.warmupSeconds }],
  };
  return new Round(context, plan, context.ending);
}

/**
 * Runs the warm-up by the same path as a measurement, until all of it has arrived, or has had its time.
 * @returns how many messages were acknowledged, and why others were not
 * @throws SessionError when the product took none
 */
export async function warmUp(context: SessionContext, round: Round): Promise<OpenSessionOutput['warmup']> {
  const { threads, peers, log } = context;
  const results = await threads.unlessBroken(round.produce());
  const warmup = warmupOf(round, results);
  if (warmup.refusals.length > 0) {
    log('warn', 'messages of the warm-up were not acknowledged', { refusals: warmup.refusals });
  }
  if (peers) await round.keepOutcomes();
  // Without consumers here, what arrives is another generator's to count.
  if (threads.consumers.length > 0) {
    await threads.unlessBroken(new Arrivals(context, round).drainEndedHere());
  }
  await threads.unlessBroken(round.finishConsuming());
  round.undrained = round.ledgers.missing();
  if (peers && threads.consumers.length > 0) await round.keepReceived();
  round.dispose();
  return warmup;
}

function warmupOf(round: Round, results: readonly Finished[]): OpenSessionOutput['warmup'] {
  const { acknowledged, failed, indeterminate } = round.ledgers.outcomes(results.map(({ handed }) => handed));
  const told = mergeRefusals(results.map(({ refusals }) => refusals));
  const sent = acknowledged + failed + indeterminate;
  if (acknowledged > 0 || sent === 0) return { acknowledged, refusals: allRefusals(told, { indeterminate }) };
  const why = nothingAcknowledged({ sent, failed }, allRefusals(told, { indeterminate }));
  // Where nothing was settled at all, a client may have complained.
  const problem = told.length === 0 ? results.find(({ lastProblem }) => lastProblem !== null) : null;
  throw new SessionError(
    'warm-up-failed',
    `the warm-up put nothing into the product: ${why}${problem ? `; ${problem.lastProblem}` : ''}`,
  );
}
