import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Phase } from '../../../src/contracts/documents/progress.ts';
import { until } from '../../support/until.ts';
import { injections } from '../cells/injections.ts';
import { cellName, type Fault, type FaultPhase, injectionDelayMs, type SeededCell } from '../cells/matrix.ts';
import { MissedError, type Victim } from '../cells/strike.ts';
import { cancelQuietly, startExperiment } from '../cells/workflow-faults.ts';
import type { Rule } from '../world/proxy.ts';
import type { FaultWorld } from '../world/world.ts';
import {
  allowedOutcomes,
  inconsistencies,
  landedIn,
  lostResults,
  readResults,
  stranded,
} from './check-cell.ts';
import { comparisonDocument, experimentDocument, withFixedWarmup } from './documents.ts';
import { measuredAtOnce } from './measured-at-once.ts';
import { isReplacing } from './replace-stack.ts';
import { type CellVerdict, emptyVerdict, isClean } from './verdict.ts';

const maxTries = 4;
const closeTimeoutMs = 300_000;

/** Runs a cell until its fault has landed, a few times at most. */
export async function runCell(world: FaultWorld, cell: SeededCell): Promise<CellVerdict> {
  const startedAt = Date.now();
  const missed: string[] = [];
  for (let tries = 1; ; tries++) {
    const verdict = await tryCell(world, cell, tries);
    missed.push(...verdict.missed, ...(verdict.failure ? [`failed: ${verdict.failure}`] : []));
    if (verdict.landed || !isClean({ ...verdict, landed: true }) || tries === maxTries) {
      return { ...verdict, missed, seconds: (Date.now() - startedAt) / 1_000 };
    }
  }
}

async function tryCell(world: FaultWorld, cell: SeededCell, tries: number): Promise<CellVerdict> {
  const verdict = emptyVerdict(cell, tries);
  const lifts: (() => void)[] = [];
  const worldKeys: string[] = [];
  try {
    const blocker = cell.phase === 'queued' ? await startBlocker(world, cell) : null;
    const held = holdPhase(world, cell, lifts);
    const victim = await startVictim(world, cell);
    world.sampler.watch(victim.id);
    worldKeys.push(victim.id);
    // What makes a destroy fail is put in place before it begins.
    const early = cell.fault === 'destroy-failing';
    if (cell.phase === 'closed') await untilClosed(world, victim.id);
    else await untilPhase(world, victim.id, early ? 'measuring' : cell.phase);
    const waiter = mayFreeItsSlot.includes(cell.fault) ? await startWaiter(world, cell) : null;
    if (waiter) {
      world.sampler.watch(waiter);
      worldKeys.push(waiter);
    }
    if (isReplacing(cell.fault)) throw new Error(`${cell.fault} has a world of its own`);
    const injection = injections[cell.fault];
    let afterwards: (() => Promise<void>) | undefined;
    let struckAt = Date.now();
    let missed: string | null = null;
    try {
      await injection.aim?.(victim);
      if (!early) await delay(injectionDelayMs(cell, tries));
      struckAt = Date.now();
      const striking = injection.strike(victim);
      // Whatever held the phase open has done its part once the fault is under way.
      setTimeout(held, 50);
      afterwards = await striking;
    } catch (error) {
      // A workflow that has just closed can no longer be cancelled or terminated.
      const late = error instanceof WorkflowNotFoundError;
      if (!(late || error instanceof MissedError)) throw error;
      missed = error.message;
      held();
    }
    if (blocker) await cancelQuietly(world, blocker);
    const settled = (afterwards?.() ?? Promise.resolve()).then(
      () => null,
      (error: Error) => error,
    );
    await untilClosed(world, victim.id);
    if (blocker) await untilClosed(world, blocker);
    if (waiter) verdict.other.push(...(await waitedInVain(world, waiter)));
    // A closed workflow has nothing left: not only once everything has calmed down.
    if (canBeSeenAtOnce(cell)) verdict.stranded.push(...(await stranded(world.home, world.emulated())));
    const problem = await settled;
    if (problem instanceof MissedError) missed = problem.message;
    else if (problem) verdict.other.push(problem.message);
    await judge(world, victim, verdict, struckAt, missed);
    verdict.measuredAtOnce.push(...(await measuredAtOnce(world)));
  } catch (error) {
    verdict.other.push(`${(error as Error).name}: ${(error as Error).message}`);
  } finally {
    for (const lift of lifts) lift();
    for (const id of worldKeys) {
      const { doubleWriters, wronglyBrokenLocks } = world.sampler.observed(id);
      verdict.doubleWriters.push(...doubleWriters);
      verdict.wronglyBrokenLocks.push(...wronglyBrokenLocks);
    }
  }
  return verdict;
}

/** Whether what is left can be looked at as soon as the workflow has closed. */
function canBeSeenAtOnce({ fault }: SeededCell): boolean {
  // The emulator may be away, the disk filled by the test, or the reaper yet to be asked.
  return !['aws-frozen', 'aws-restarted', 'disk-full', 'home-full', 'stack-killed', 'terminated'].includes(
    fault,
  );
}

async function judge(
  world: FaultWorld,
  victim: Victim,
  verdict: CellVerdict,
  struckAt: number,
  missed: string | null,
): Promise<void> {
  const { id, runId, cell } = victim;
  const { fault, phase } = cell;
  // Attempts that were given up may still be about to do something.
  await delay(1_500);
  const left = await stranded(world.home, world.emulated());
  verdict.stranded.push(...left.filter((one) => !verdict.stranded.includes(one)));
  const first = await world.progress(id, runId);
  verdict.landed =
    missed === null &&
    // What makes a destroy fail is put in place before the destroy.
    landedIn(phase, fault === 'destroy-failing' ? firstOf(first, phase) : struckAt, first);
  const last = await world.progress(id);
  verdict.outcome = last.outcome;
  verdict.failure = last.failure?.message ?? null;
  if (missed) verdict.missed.push(missed);
  const isTerminated = fault === 'terminated';
  if (verdict.landed && !allowedOutcomes(fault, phase).includes(last.outcome)) {
    verdict.other.push(`the outcome is ${last.outcome}: ${JSON.stringify(last.failure)}`);
  }
  if (last.outcome === 'failed' && !last.failure?.message) verdict.other.push('it failed without a word');
  verdict.lostResults.push(...(await lostResults(world.emulated(), id, isTerminated)));
  const results = await readResults(world.emulated(), id);
  for (const result of results) {
    verdict.other.push(...inconsistencies(result, fault, last.outcome === 'completed'));
  }
  if (last.outcome === 'completed' && results.length === 0)
    verdict.lostResults.push('completed without a result');
  const detail = (await (await world.call('GET', `/api/experiments/${id}`)).json()) as { phase: string };
  if (detail.phase !== 'closed') verdict.other.push(`the API says that it is ${detail.phase}`);
}

function firstOf({ timeline }: { timeline: { phase: string; startedAt: string }[] }, phase: string): number {
  return Date.parse(timeline.find((entry) => entry.phase === phase)?.startedAt ?? '');
}

/** An experiment that holds the slot, so that another has to wait. */
async function startBlocker(world: FaultWorld, cell: SeededCell): Promise<string> {
  const id = await begin(world, cell, documentOf(cell, experimentDocument('kafka', 'holds the slot', 600)));
  await untilPhase(world, id, 'measuring');
  return id;
}

/** Faults after which a slot may be taken for free while something of its holder lives: another waits for it meanwhile. */
const mayFreeItsSlot: readonly Fault[] = [
  'reset-and-cancelled',
  'restarted-and-cancelled',
  'reaped-and-reset',
  'queue-terminated',
  'queue-goes-on-as-new',
];

async function startWaiter(world: FaultWorld, cell: SeededCell): Promise<string> {
  return await begin(world, cell, documentOf(cell, experimentDocument('kafka', 'waits for the slot')));
}

/** Why one that waited was not measured in its turn; that it was not measured before is another's look. */
async function waitedInVain(world: FaultWorld, id: string): Promise<string[]> {
  await untilClosed(world, id);
  const { outcome, failure } = await world.progress(id);
  return outcome === 'completed' ? [] : [`${id}, which waited, is ${outcome}: ${JSON.stringify(failure)}`];
}

/** As quick as it can be for whoever is to take it. */
function documentOf({ fault }: SeededCell, document: ReturnType<typeof experimentDocument>) {
  return fault === 'upgraded' ? document : withFixedWarmup(document);
}

export async function startVictim(world: FaultWorld, cell: SeededCell): Promise<Victim> {
  const name = cellName(cell).slice(0, 60);
  const document = documentOf(cell, experimentDocument(cell.technology, name));
  if (cell.fault === 'comparison-terminated') {
    const comparison = withFixedWarmup(comparisonDocument(cell.technology, name));
    const answer = await world.call('POST', '/api/comparisons', comparison);
    const { id: comparisonId } = (await answer.json()) as { id: string };
    const id = `${comparisonId}-01`;
    return { world, cell, id, runId: await runIdOf(world, id), document, comparisonId };
  }
  const { fault, seed } = cell;
  const id = await begin(
    world,
    cell,
    document,
    fault === 'posts-at-once' ? { 'idempotency-key': `cell ${seed}` } : {},
  );
  return { world, cell, id, runId: await runIdOf(world, id), document, comparisonId: null };
}

/** Starts an experiment as suits the cell; returns its id. */
async function begin(
  world: FaultWorld,
  { fault }: SeededCell,
  document: object,
  headers: Record<string, string> = {},
): Promise<string> {
  if (fault === 'upgraded') {
    // Past the API, which fills in settings that the worker of an earlier commit may not know.
    const id = `by-hand-${randomUUID().slice(0, 8)}`;
    await startExperiment(world.client, id, document);
    return id;
  }
  const answer = await world.call('POST', '/api/experiments', document, headers);
  const body = (await answer.json()) as { id: string };
  if (answer.status !== 202) throw new Error(`POST answered ${answer.status}: ${JSON.stringify(body)}`);
  return body.id;
}

async function runIdOf(world: FaultWorld, id: string): Promise<string> {
  return await until(
    `the workflow of ${id}`,
    async () => (await world.client.workflow.getHandle(id).describe()).runId,
    { everyMs: 50 },
  );
}

const shortPhases: Partial<Record<FaultPhase, RegExp>> = {
  draining: /\/generator-\d+-consume\.json$/,
  uploading: /\/result\.json$/,
};

/** Keeps a short phase from ending until the fault has struck; returns what lets it end. */
function holdPhase(world: FaultWorld, { phase }: SeededCell, lifts: (() => void)[]): () => void {
  const pattern = shortPhases[phase];
  if (!pattern) return () => {};
  const { promise, resolve } = Promise.withResolvers<void>();
  const rule: Rule = { matches: ({ method, path }) => method === 'PUT' && pattern.test(path), hold: promise };
  const lift = world.proxy.apply(rule);
  const release = () => {
    lift();
    resolve();
  };
  lifts.push(release);
  return release;
}

export async function untilPhase(world: FaultWorld, id: string, phase: Phase): Promise<void> {
  const found = await until(
    `${id} to be ${phase}`,
    async () => {
      const now = await world.progress(id);
      if (now.phase !== phase && now.phase !== 'closed') throw new Error(`it is ${now.phase}`);
      return now;
    },
    // Each question is a workflow task.
    { timeoutMs: 300_000, everyMs: 40 },
  );
  if (found.phase !== phase)
    throw new Error(`it closed before it was ${phase}: ${JSON.stringify(found.failure)}`);
}

/** Waits until the workflow's newest run has ended, also while the Temporal server is away. */
export async function untilClosed(world: FaultWorld, id: string): Promise<void> {
  try {
    await until(
      `${id} to close`,
      async () => (await world.client.workflow.getHandle(id).describe()).status.name !== 'RUNNING',
      { timeoutMs: closeTimeoutMs, everyMs: 100 },
    );
  } catch (error) {
    const now = await world.progress(id).catch(() => null);
    throw new Error(`it did not close: ${JSON.stringify({ phase: now?.phase, operator: now?.operator })}`, {
      cause: error,
    });
  }
}
