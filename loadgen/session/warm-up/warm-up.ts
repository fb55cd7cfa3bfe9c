import { allRefusals, mergeRefusals, nothingAcknowledged } from '../../../src/analysis/refusals.ts';
import type { OpenSessionOutput } from '../../../src/contracts/documents/load-parts.ts';
import { longestWarmupSeconds, warmupMessagesPerSecond } from '../../../src/contracts/input/load/schedule.ts';
import { SessionError } from '../../session-error.ts';
import { Arrivals } from '../arrivals.ts';
import { type Finished, Round, type SessionContext } from '../round.ts';
import { type Levelled, stopOnceLevel } from './until-level.ts';

const warmupRound = 0;

type Warmup = OpenSessionOutput['warmup'];

const untold = { seconds: 0, level: null, moving: null, reason: null };

/** What is told where there is none. */
export const noWarmup: Warmup = { acknowledged: 0, refusals: [], ...untold };

/** The round that warms the clients up, about to begin. */
export function warmupRoundOf(context: SessionContext): Round {
  const { workload } = context.input;
  const plan = {
    round: warmupRound,
    startAtEpochMs: null,
    undrainedBefore: 0,
    steps: [
      { messagesPerSecond: warmupMessagesPerSecond(workload), seconds: longestWarmupSeconds(workload) },
    ],
    leastSeconds: workload.warmupSeconds,
  };
  return new Round(context, plan, context.ending);
}

/**
 * Runs the warm-up by the same path as a measurement until its load is level, or for as long as it may last; then waits
 * until all of it has arrived, or has had its time.
 * @returns how many messages were acknowledged, why others were not, and whether it became level
 * @throws SessionError when the product took none
 */
export async function warmUp(context: SessionContext, round: Round): Promise<Warmup> {
  const { threads, peers, log } = context;
  const producing = threads.unlessBroken(round.produce());
  // Where nobody here produces, nobody here decides.
  const levelling = threads.producers.length > 0 ? stopOnceLevel(context, round, producing) : null;
  // What goes wrong with a round is told by those who run it.
  levelling?.catch(() => {});
  const results = await producing;
  const warmup = { ...warmupOf(round, results), ...roundedSeconds((await levelling) ?? untold) };
  if (warmup.refusals.length > 0) {
    log('warn', 'messages of the warm-up were not acknowledged', { refusals: warmup.refusals });
  }
  if (warmup.level === false) log('warn', 'the warm-up did not become level', { reason: warmup.reason });
  if (peers) await round.keepOutcomes();
  // Without consumers here, what arrives is another generator's to count.
  if (threads.consumers.length > 0) {
    await threads.unlessBroken(new Arrivals(context, round).drainEndedHere());
  }
  await threads.unlessBroken(round.finishConsuming());
  round.noteUndrained();
  if (peers && threads.consumers.length > 0) await round.keepReceived();
  round.dispose();
  return warmup;
}

function roundedSeconds(levelled: Levelled): Levelled {
  return { ...levelled, seconds: Math.round(levelled.seconds * 100) / 100 };
}

function warmupOf(round: Round, results: readonly Finished[]): Pick<Warmup, 'acknowledged' | 'refusals'> {
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
