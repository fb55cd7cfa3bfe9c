import { setTimeout as delay } from 'node:timers/promises';
import type { ComparisonDetail, ExperimentDetail } from '../../../src/contracts/documents/api.ts';
import type { Phase } from '../../../src/contracts/documents/progress.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { testStore } from '../../support/oracles.ts';
import { until } from '../../support/until.ts';
import { lockObject } from '../cells/lock-faults.ts';
import {
  cellName,
  type Fault,
  injectionDelayMs,
  type ReplacingFault,
  type SeededCell,
} from '../cells/matrix.ts';
import { type StackEnd, type WholeStack, wholeStack } from '../world/whole-stack.ts';
import { inconsistencies, landedIn, lostResults, readResults, stranded } from './check-cell.ts';
import { comparisonDocument, experimentDocument } from './documents.ts';
import { createSampler } from './sampler.ts';
import { type CellVerdict, emptyVerdict } from './verdict.ts';

const endOf: Record<ReplacingFault, StackEnd> = {
  'stack-replaced': 'stopped',
  'stack-killed-and-replaced': 'killed',
};

export function isReplacing(fault: Fault): fault is ReplacingFault {
  return fault in endOf;
}

/** Everything that is open when the stack is replaced. */
interface UnderWay {
  /** Its first variant is over, its second one waits. */
  comparison: string;
  /** Cannot be destroyed before somebody's lock has gone. */
  stuck: string;
  /** Is in the phase of the cell. */
  running: string;
  queued: string;
}

/** As `runCell`, for a stack that is replaced as a whole. */
export async function replaceStack(cell: SeededCell, upgradeFrom: string | null): Promise<CellVerdict> {
  const startedAt = Date.now();
  const verdict = emptyVerdict(cell, 1);
  const stack = await wholeStack(upgradeFrom);
  const sampler = createSampler(stack.home, { onLockRequest: () => {} });
  try {
    await stack.start('earlier');
    const work = await beginWork(stack, cell);
    for (const id of idsOf(work)) sampler.watch(id);
    // As in a third try: this costs too much to be done again because it came late.
    await delay(injectionDelayMs(cell, 3));
    const struckAt = Date.now();
    await stack.stop(endOf[cell.fault as ReplacingFault]);
    await stack.start('this');
    await endWork(stack, work);
    await judge(stack, work, struckAt, verdict);
    verdict.measuredAtOnce.push(
      ...sampler
        .together()
        .map(({ ids }) => ids.join(' and '))
        .slice(0, 1),
    );
    for (const id of idsOf(work)) verdict.doubleWriters.push(...sampler.observed(id).doubleWriters);
  } catch (error) {
    verdict.other.push(`${(error as Error).name}: ${(error as Error).message}`);
  } finally {
    sampler.stop();
    await stack.end();
  }
  return { ...verdict, seconds: (Date.now() - startedAt) / 1_000 };
}

const idsOf = ({ comparison, stuck, running, queued }: UnderWay) => [
  ...[`${comparison}-01`, `${comparison}-02`],
  ...[stuck, running, queued],
];

/** First come, first served: the comparison's first variant, what gets stuck, then the others, then its second variant. */
async function beginWork(stack: WholeStack, cell: SeededCell): Promise<UnderWay> {
  const { technology, phase } = cell;
  const post = async (what: string, document: object) => {
    const answer = await stack.call('POST', `/api/${what}`, document);
    if (answer.status !== 202) throw new Error(`POST answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { id: string }).id;
  };
  const comparison = await post('comparisons', comparisonDocument(technology, 'in mid-run'));
  await until('its first variant to be under way', async () => {
    const { phase: now } = await detail(stack, `${comparison}-01`);
    return now !== 'queued' && now;
  });
  const stuck = await post('experiments', experimentDocument('kafka', 'stuck'));
  const { aws } = stack.description();
  await testStore(aws).putJson(s3Keys.terraformLock(stuck), lockObject(stuck, new Date()));
  const name = cellName(cell).slice(0, 60);
  const running = await post('experiments', experimentDocument(technology, name, 10));
  const queued = await post('experiments', experimentDocument('nats', 'waits'));
  await untilPhase(stack, stuck, 'needs-operator');
  await untilPhase(stack, running, phase);
  return { comparison, stuck, running, queued };
}

/** Has what needs a person mended, and waits until everything has closed. */
async function endWork(stack: WholeStack, work: UnderWay): Promise<void> {
  await untilPhase(stack, work.stuck, 'needs-operator');
  await testStore(stack.description().aws).delete([s3Keys.terraformLock(work.stuck)]);
  await until('the retry to be taken', async () => {
    const { status } = await stack.call('POST', `/api/experiments/${work.stuck}/retry-destroy`);
    return status === 202 || (await detail(stack, work.stuck)).phase === 'closed';
  });
  for (const id of idsOf(work)) await untilPhase(stack, id, 'closed');
  await until('the comparison to close', async () => (await comparisonOf(stack, work)).outcome !== null);
}

async function judge(
  stack: WholeStack,
  work: UnderWay,
  struckAt: number,
  verdict: CellVerdict,
): Promise<void> {
  const { aws } = stack.description();
  // Attempts that were given up may still be about to do something.
  await delay(1_500);
  verdict.stranded.push(...(await stranded(stack.home, aws)));
  const running = await detail(stack, work.running);
  verdict.landed = landedIn(verdict.cell.phase, struckAt, running);
  verdict.outcome = running.outcome;
  verdict.failure = running.failure?.message ?? null;
  const { outcome } = await comparisonOf(stack, work);
  if (outcome !== 'completed') verdict.other.push(`the comparison is ${outcome}`);
  for (const id of idsOf(work)) {
    const { outcome, failure, name } = await detail(stack, id);
    // It could not begin for the lock.
    const wanted = id === work.stuck ? 'failed' : 'completed';
    if (outcome !== wanted) verdict.other.push(`${name} is ${outcome}: ${JSON.stringify(failure)}`);
    verdict.lostResults.push(...(await lostResults(aws, id, false)));
    for (const result of await readResults(aws, id)) {
      verdict.other.push(...inconsistencies(result, verdict.cell.fault, outcome === 'completed'));
    }
  }
}

async function detail(stack: WholeStack, id: string): Promise<ExperimentDetail> {
  return (await (await stack.call('GET', `/api/experiments/${id}`)).json()) as ExperimentDetail;
}

async function comparisonOf(stack: WholeStack, { comparison }: UnderWay): Promise<ComparisonDetail> {
  return (await (await stack.call('GET', `/api/comparisons/${comparison}`)).json()) as ComparisonDetail;
}

async function untilPhase(stack: WholeStack, id: string, phase: Phase): Promise<void> {
  await until(
    `${id} to be ${phase}`,
    async () => {
      const now = await detail(stack, id);
      if (now.phase !== phase)
        throw new Error(`it is ${JSON.stringify([now.phase, now.failure, now.operator])}`);
      return true;
    },
    { timeoutMs: 240_000, everyMs: 40 },
  );
}
