/**
 * A day's work in one go: 10,000 experiments (200 with `--quick`) with stand-ins for terraform and load through everything
 * else: the API, Temporal, the run queue with 20 slots, records and results in S3, lists. What each takes of Temporal, S3
 * and the processors, how long a submit and a list take meanwhile, and whether all of them ended as they should.
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, type Logger, NativeConnection, Runtime } from '@temporalio/worker';
import { createRecordActivities } from '../../activities/control/records.ts';
import { createSlotActivities } from '../../activities/control/slots.ts';
import { projectRoot } from '../../src/config.ts';
import type { ControlActivities } from '../../src/contracts/temporal/control-activities.ts';
import type { InfrastructureActivities } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { runQueueId } from '../../src/contracts/temporal/names.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { createRecords } from '../../src/storage/records.ts';
import { createWorkers, runTogether } from '../../src/temporal/control-workers.ts';
import { workflowBundle } from '../../src/temporal/workflow-bundle.ts';
import { testStore } from '../support/oracles.ts';
import type { TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { startBenchStack } from './experiments.ts';
import { cpuMs, megabytesOf, onSchedule, row } from './figures.ts';
import { publish, quick, table } from './report.ts';

const submissions = quick ? 200 : 10_000;
const perSecond = quick ? 10 : 20;
const slots = 20;
const lists = 100;

const experiment = {
  name: 'a bench of the service',
  technology: 'nats',
  workload: { load: { shape: 'constant', messagesPerSecond: 1 }, warmupSeconds: 1, durationSeconds: 1 },
};

/** A store that counts what it is asked for. */
function counted(store: ObjectStore): { store: ObjectStore; requests: () => number } {
  let requests = 0;
  const counting = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        requests += 1;
        return value.apply(target, args);
      };
    },
  });
  return { store: counting, requests: () => requests };
}

/** Terraform and load that take no time, and leave nothing. */
const standIns: InfrastructureActivities & Pick<ControlActivities, 'awaitQuiet'> = {
  provision: async () => ({
    endpoint: {},
    generators: 0,
    terraform: { version: 'none', providers: {} },
    product: { name: 'none', version: '0' },
  }),
  ownsInfrastructure: async () => true,
  destroy: async () => {},
  inventory: async () => [],
  awaitQuiet: async () => {},
};

/** A control worker in this process, whose work with Temporal and S3 is real. */
async function startWorker(stack: TestStack, logger: Logger) {
  const { temporal, aws } = stack.stack.description;
  const { store, requests } = counted(testStore(aws));
  const connection = await NativeConnection.connect({ address: temporal.address });
  const clientConnection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection: clientConnection });
  const records = createRecords(store);
  let activities = 0;
  const slotActivities = createSlotActivities({
    client,
    records,
    identify: async () => null,
    findExperiments: async () => ({ ids: [], unlisted: [] }),
    inventory: standIns.inventory,
    capacity: { local: slots },
  });
  const workers = await createWorkers({
    connection,
    namespace: stack.config.temporal.namespace,
    home: 'bench',
    buildId: 'bench',
    tuning: stack.config.worker,
    workflowBundle: await workflowBundle(projectRoot, `${stack.config.tools}/workflows`, logger),
    control: {
      ...slotActivities,
      ...createRecordActivities({ records, home: 'bench' }),
      awaitQuiet: standIns.awaitQuiet,
      assembleResult: async ({ experimentId }: { experimentId: string }) => {
        const resultKey = `experiments/${experimentId}/of-the-bench/result.json`;
        await store.putJson(resultKey, { experimentId });
        return { resultKey, summary: null };
      },
    },
    bound: standIns,
    interceptors: [
      () => ({
        inbound: {
          execute(input, next) {
            activities += 1;
            return next(input);
          },
        },
      }),
    ],
  });
  const running = runTogether(workers);
  return {
    counts: () => ({ requests: requests(), activities }),
    async end() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await connection.close();
      await clientConnection.close();
    },
  };
}

async function submit(stack: TestStack): Promise<boolean> {
  const answer = await stack.call('POST', '/api/experiments', experiment);
  await answer.text();
  return answer.status === 202;
}

async function listMs(stack: TestStack): Promise<number> {
  const began = performance.now();
  const answer = await stack.call('GET', '/api/experiments?limit=50');
  await answer.text();
  if (answer.status !== 200) throw new Error(`the list answered ${answer.status}`);
  return performance.now() - began;
}

/** Lists every two seconds until told to stop; how long each took, in ms. */
async function listsMeanwhile(stack: TestStack, signal: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!signal.aborted) {
    times.push(await listMs(stack));
    await Promise.race([delay(2_000), once(signal, 'abort')]);
  }
  return times;
}

/** How many have closed, by outcome, as the API's metrics say. */
async function closed(stack: TestStack): Promise<Record<string, number>> {
  const text = await (await stack.call('GET', '/metrics')).text();
  const found = text.matchAll(/^comparator_experiments_closed\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, outcome, count]) => [outcome, Number(count)]));
}

const pidsOf = ({ stack }: TestStack) => {
  const { temporal, api, aws } = stack.description;
  return { Temporal: temporal.pid, S3: aws.pid, API: api.pid, worker: process.pid };
};

async function main(): Promise<void> {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const stack = await startBenchStack(['aws', 'temporal', 'api']);
  const worker = await startWorker(stack, logger);
  try {
    const pids = pidsOf(stack);
    const cpuBefore = Object.values(pids).map(cpuMs);
    const began = performance.now();
    const ended = new AbortController();
    const listing = listsMeanwhile(stack, ended.signal);
    const submits = await onSchedule(submissions, perSecond, () => submit(stack));
    await until('all to close', async () => ((await closed(stack)).completed ?? 0) >= submits.length, {
      timeoutMs: 4 * 3_600_000,
      everyMs: 2_000,
    });
    const seconds = (performance.now() - began) / 1_000;
    ended.abort();
    const meanwhile = await listing;
    const after: number[] = [];
    for (let count = 0; count < lists; count++) after.push(await listMs(stack));
    const { requests, activities } = worker.counts();
    const { items } = (await (await stack.call('GET', '/api/experiments?limit=1')).json()) as {
      items: { id: string }[];
    };
    const { historyLength } = await stack.client.workflow
      .getHandle((items[0] as { id: string }).id)
      .describe();
    const queue = await stack.client.workflow.count(`WorkflowId = '${runQueueId('local')}'`);
    const each = (total: number) => (total / submits.length).toFixed(1);
    publish('service', {
      title: `${submissions.toLocaleString('en')} experiments through the service`,
      conditions: `Stand-ins for terraform and load, which take no time; ${slots} slots; submitted at ${perSecond}/s; one API, one worker, the dev server and the emulator on this machine.`,
      sections: [
        table(
          ['what', 'measured'],
          [
            ['submits that were not accepted', String(submissions - submits.length)],
            ['ended, by outcome', JSON.stringify(await closed(stack)).replaceAll(/[{}"]/g, '')],
            ['from the first submit to the last end, s', seconds.toFixed(0)],
            [
              'experiments a day at that pace',
              Math.round((submits.length / seconds) * 86_400).toLocaleString('en'),
            ],
            ['events in the history of one', String(historyLength)],
            ['activities for each', each(activities)],
            ['requests of S3 by the worker for each', each(requests)],
            ['runs of the queue', String(queue.count)],
          ],
        ),
        table(
          ['ms', 'p50', 'p99', 'max'],
          [
            row('POST, from when it was due', submits),
            row('list of 50, meanwhile', meanwhile),
            row('list of 50, after', after),
          ],
        ),
        table(
          ['process', 'ms of a core for each', 'MB at the end'],
          Object.entries(pids).map(([name, pid], index) => [
            name,
            each(cpuMs(pid) - (cpuBefore[index] as number)),
            megabytesOf(pid),
          ]),
        ),
      ],
    });
  } finally {
    await worker.end();
    await stack.end();
  }
}

await main();
