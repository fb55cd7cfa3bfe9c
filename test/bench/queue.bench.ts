/**
 * The run queue at its size: behind an experiment that is measured, 10,000 others are submitted to a real stack's API at
 * 50/s (500 with `--quick`). How long a submit takes, from when it was due; how long a list takes, also right after the
 * API was started anew; how long the queue's history is; how long a free slot takes to its next holder; and how much
 * processor time and memory the stack takes while all of them wait, beside what it took before. The peer is a bare start
 * of a workflow that nobody takes up, on the same server: before the submits, and among them.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueState } from '../../src/contracts/documents/progress.ts';
import { messageNames, runQueueId } from '../../src/contracts/temporal/names.ts';
import { stopAllLaunched } from '../../src/machine/launched.ts';
import type { TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { restartApi, startBenchStack } from './experiments.ts';
import { cpuMs, megabytesOf, onSchedule, row } from './figures.ts';
import { publish, quick, table } from './report.ts';

const submissions = quick ? 500 : 10_000;
const perSecond = 50;
const lists = 200;
const idleSeconds = quick ? 20 : 60;

const experiment = {
  name: 'a bench of the queue',
  technology: 'nats',
  workload: {
    load: { shape: 'constant', messagesPerSecond: 1 },
    warmupSeconds: 1,
    maxWarmupSeconds: 1,
    durationSeconds: 36_000,
  },
};

const submitAll = (stack: TestStack) =>
  onSchedule(submissions, perSecond, async () => {
    const answer = await stack.call('POST', '/api/experiments', experiment);
    await answer.text();
    return answer.status === 202;
  });

/** Starts workflows that nobody takes up: what the server itself takes for it. */
async function bareStarts(stack: TestStack, count: number, rate: number): Promise<number[]> {
  return onSchedule(count, rate, async () => {
    await stack.client.workflow.start('peer', {
      workflowId: `peer-${randomUUID()}`,
      taskQueue: 'nobody',
      args: [experiment],
    });
    return true;
  });
}

async function listTimes(stack: TestStack): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < lists; count++) {
    const began = performance.now();
    const answer = await stack.call('GET', '/api/experiments?limit=50');
    await answer.text();
    if (answer.status !== 200) throw new Error(`the list answered ${answer.status}`);
    times.push(performance.now() - began);
  }
  return times;
}

const queueHandle = ({ client }: TestStack) => client.workflow.getHandle(runQueueId('local'));

type Pids = ReturnType<typeof partsOf>;

/** @throws Error when a process of the stack is another than it was: it has died */
function demandAlive(stack: TestStack, before: Pids): void {
  const died = Object.entries(partsOf(stack)).filter(([name, pid]) => before[name as keyof Pids] !== pid);
  if (died.length > 0)
    throw new Error(`${died.map(([name]) => name).join(' and ')} died, and was started anew`);
}

/** More may wait than were accepted: one whose answer came too late was started all the same. */
async function untilWaiting(stack: TestStack, count: number, pids: Pids): Promise<void> {
  const answer = await until(
    `${count} to wait`,
    async () => {
      const state = await queueHandle(stack)
        .query<QueueState>(messageNames.queue)
        .catch(() => null);
      const isAlive = Object.entries(partsOf(stack)).every(([name, pid]) => pids[name as keyof Pids] === pid);
      return !isAlive || (state !== null && state.waiting.length >= count);
    },
    { timeoutMs: 1_800_000, everyMs: 1_000 },
  );
  if (answer) demandAlive(stack, pids);
}

const partsOf = ({ stack }: TestStack) => {
  const { temporal, worker, api, aws } = stack.description;
  return { temporal: temporal.pid, worker: worker.pid, api: api.pid, aws: aws.pid };
};

/** What each part of the stack takes, in percent of a core. */
async function idleCpu(stack: TestStack): Promise<Record<string, number>> {
  const before = spentMs(stack);
  await delay(idleSeconds * 1_000);
  const after = Object.fromEntries(spentMs(stack));
  return Object.fromEntries(
    before.map(([name, ms]) => [name, ((after[name] ?? 0) - ms) / (idleSeconds * 10)] as const),
  );
}

/** Processor time of each part of the stack until now. */
const spentMs = (stack: TestStack) =>
  Object.entries(partsOf(stack)).map(([name, pid]) => [name, cpuMs(pid)] as const);

const partsMegabytes = (stack: TestStack): Record<string, number> =>
  Object.fromEntries(Object.entries(partsOf(stack)).map(([name, pid]) => [name, megabytesOf(pid)]));

/** From the release of the slot, as the queue was told it, to the start of the next experiment, in ms. */
async function handOver(stack: TestStack, holder: string): Promise<{ ms: number; next: string }> {
  const [first] = (await queueHandle(stack).query<QueueState>(messageNames.queue)).waiting;
  const next = first?.experimentId ?? '';
  await stack.cancel(holder);
  const { startedAt } = await stack.untilPhase(next, 'provisioning', 'warming-up', 'measuring');
  const { events } = await queueHandle(stack).fetchHistory();
  const released = events?.findLast(
    ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === messageNames.releaseSlot,
  );
  const at = Number(released?.eventTime?.seconds) * 1_000 + Number(released?.eventTime?.nanos) / 1_000_000;
  return { ms: Date.parse(startedAt ?? '') - at, next };
}

/** Those that wait end by their termination, as nothing was made for them; then what is measured is destroyed. */
async function windDown(stack: TestStack, running: string): Promise<void> {
  await queueHandle(stack).terminate('the bench is over');
  const { workflowService } = stack.client;
  await workflowService.startBatchOperation({
    namespace: 'default',
    jobId: 'queue-bench',
    reason: 'the bench is over',
    visibilityQuery:
      "ExecutionStatus = 'Running' AND (WorkflowType = 'peer' OR (WorkflowType = 'experiment' AND ComparatorPhase = 'queued'))",
    terminationOperation: { identity: 'bench' },
    maxOperationsPerSecond: 500,
  });
  await until(
    'nobody to wait',
    async () => {
      const { count } = await stack.client.workflow.count(
        "WorkflowType IN ('experiment', 'peer') AND ExecutionStatus = 'Running'",
      );
      return count <= 1;
    },
    { timeoutMs: 600_000, everyMs: 1_000 },
  );
  await stack.cancel(running);
  await stack.untilPhase(running, 'closed');
}

async function main(): Promise<void> {
  const stack = await startBenchStack();
  try {
    const holder = await stack.submit(experiment);
    await stack.untilPhase(holder, 'measuring');
    const pids = partsOf(stack);
    const cpuBefore = await idleCpu(stack);
    const memoryBefore = partsMegabytes(stack);
    const bareBefore = await bareStarts(stack, quick ? 250 : 1_000, perSecond);
    console.error(row('bare start', bareBefore).join(' '));
    console.error(`${submissions} submits …`);
    const spentBefore = spentMs(stack);
    const [submits, bareAmong] = await Promise.all([
      submitAll(stack),
      bareStarts(stack, submissions / 50, perSecond / 50),
    ]);
    console.error(row('POST', submits).join(' '), row('bare start among them', bareAmong).join(' '));
    const submitted = performance.now();
    await untilWaiting(stack, submits.length, pids);
    const settledSeconds = (performance.now() - submitted) / 1_000;
    const spent = spentMs(stack).map(
      ([name, ms], index) => [name, ms - (spentBefore[index]?.[1] ?? 0)] as const,
    );
    const fresh = await listTimes(stack);
    await restartApi(stack);
    const restarted = await listTimes(stack);
    const cpuIdle = await idleCpu(stack);
    demandAlive(stack, { ...pids, api: partsOf(stack).api });
    const memoryIdle = partsMegabytes(stack);
    const { historyLength } = await queueHandle(stack).describe();
    const runs = await stack.client.workflow.count(`WorkflowId = '${runQueueId('local')}'`);
    const { ms, next } = await handOver(stack, holder);
    publish('queue', {
      title: `The run queue with ${submissions.toLocaleString('en')} waiting`,
      conditions: `Submitted at ${perSecond}/s to a stack with an experiment that is measured (NATS, 1 message/s); all on this machine.`,
      sections: [
        table(
          ['ms', 'p50', 'p99', 'max'],
          [
            row('POST, from when it was due', submits),
            row('for comparison: a bare start among them, 1/s', bareAmong),
            row(`for comparison: bare starts alone, ${perSecond}/s`, bareBefore),
            row('list of 50', fresh),
            row('list of 50, after a restart of the API', restarted),
          ],
        ),
        table(
          ['what', 'measured'],
          [
            ['submits that were not accepted', String(submissions - submits.length)],
            ['all in line after the last submit, s', settledSeconds.toFixed(1)],
            ...spent.map(([name, ms]) => [
              `processor time of ${name} for a submit until it is in line, ms`,
              (ms / submissions).toFixed(1),
            ]),
            ['events in the history of the queue', String(historyLength)],
            ['runs of the queue', String(runs.count)],
            ['from a release to the next holder, ms', ms.toFixed(0)],
          ],
        ),
        table(
          [`% of a core over ${idleSeconds} s, and MB`, 'nobody waits', 'all wait', 'MB before', 'MB'],
          Object.keys(cpuIdle).map((name) => [
            name,
            (cpuBefore[name] ?? 0).toFixed(1),
            (cpuIdle[name] ?? 0).toFixed(1),
            ...[memoryBefore, memoryIdle].map((megabytes) => String(megabytes[name])),
          ]),
        ),
      ],
    });
    await windDown(stack, next);
  } finally {
    // Also where the bench was broken off.
    const folders = join(stack.home, 'experiments');
    for (const id of existsSync(folders) ? readdirSync(folders) : [])
      await stopAllLaunched(join(folders, id));
    await stack.end();
  }
}

await main();
