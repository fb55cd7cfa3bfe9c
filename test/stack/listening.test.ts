import { expect, test } from '@jest/globals';
import { listeningOf, withChildren } from '../support/listening.ts';
import type { TestStack } from '../support/stack.ts';
import { stackOfFile } from '../support/stack-of-file.ts';
import { askAsStranger, whatListens } from '../support/strangers.ts';
import { samples } from '../technologies/samples.ts';

// Everything that listens while a stack runs experiments, and what each port says to a web page that the user visits.
let stack: TestStack;
stackOfFile((started) => {
  stack = started;
});

test('the stack listens on loopback only, and answers no page of another origin', async () => {
  if (process.platform !== 'linux') return;
  const { api, temporal, aws, worker } = stack.stack.description;
  const pids = [api.pid, temporal.pid, aws.pid, worker.pid].filter((pid) => pid !== null);
  // The orchestrator is this very process.
  const ports = listeningOf([...withChildren(pids), process.pid]);
  const urls = [api.url, temporal.uiUrl, `http://${temporal.address}`, aws.url, worker.metricsUrl];
  const named = urls.map((url) => Number(new URL(url ?? '').port));
  expect(ports.map(({ port }) => port)).toEqual(expect.arrayContaining(named));
  const { objections, metrics } = await askAsStranger(
    // The Web UI's own address is known to its door alone; the door is tried by its own port.
    ports.filter(({ host, pid }) => host === '127.0.0.1' || pid !== temporal.pid),
  );
  expect(objections).toEqual([]);
  expect(metrics.sort()).toEqual([temporal.pid, worker.pid].sort());
  await expect(stack.client.workflow.getHandle('evil').describe()).rejects.toThrow('not found');
}, 60_000);

test('the Web UI is served to the person, at an address that no page can guess', async () => {
  const { uiUrl, pid } = stack.stack.description.temporal;
  for (const path of ['/', '/namespaces/default/workflows', '/api/v1/namespaces']) {
    expect((await fetch(`${uiUrl}${path}`)).status).toBe(200);
  }
  // Whoever opens it finds experiments and comparisons, and the queue and the reaper out of their way.
  expect(decodeURIComponent((await fetch(`${uiUrl}/`)).url)).toMatch(
    /workflows\?query=WorkflowType IN \("experiment", "comparison"\)$/,
  );
  if (process.platform !== 'linux') return;
  const inner = listeningOf([pid ?? 0]).filter(({ host }) => host !== '127.0.0.1');
  expect(inner).toHaveLength(1);
  expect(inner[0]?.host).toMatch(/^127\./);
});

test('the worker serves the metrics of its SDK', async () => {
  const { metricsUrl } = stack.stack.description.worker;
  expect(await (await fetch(metricsUrl ?? '')).text()).toContain('temporal_num_pollers');
});

/** Brokers listen for clients and for each other. What Kinesis starts is asked where a stream is made anyhow, in test/e2e. */
const several = {
  kafka: { settings: { ...samples.kafka.settings, brokers: 2 }, ports: 4 },
  nats: { settings: { ...samples.nats.settings, replicas: 3 }, ports: 6 },
};

test.each(['kafka', 'nats'] as const)(
  'what an experiment with %s starts listens on loopback only, and obeys no page',
  async (technology) => {
    if (process.platform !== 'linux') return;
    const id = await stack.submit({
      name: 'listens',
      technology,
      settings: several[technology].settings,
      workload: {
        load: { shape: 'constant', messagesPerSecond: 10 },
        warmupSeconds: 1,
        maxWarmupSeconds: 1,
        durationSeconds: 120,
      },
    });
    await stack.untilPhase(id, 'measuring');
    const ports = whatListens(stack.home, id);
    expect(ports).toHaveLength(several[technology].ports);
    expect(await askAsStranger(ports)).toEqual({ objections: [], metrics: [] });
    await stack.cancel(id);
    await stack.untilPhase(id, 'closed');
  },
  180_000,
);
