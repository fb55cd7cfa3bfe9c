import { expect, test } from '@jest/globals';
import type { TechnologyId } from '../../src/technologies/registry.ts';
import { processesOf } from '../faults/world/processes.ts';
import { exchange, type Listening, listeningOf, withChildren } from '../support/listening.ts';
import type { TestStack } from '../support/stack.ts';
import { stackOfFile } from '../support/stack-of-file.ts';
import { samples } from '../technologies/samples.ts';

// Everything that listens while a stack runs experiments, and what each port says to a web page that the user visits.
let stack: TestStack;
stackOfFile((started) => {
  stack = started;
});

const body = '{"workflowType":{"name":"x"},"taskQueue":{"name":"q"}}\r\nPUB x 1\r\na\r\nPING\r\n';
const workflowPath = '/api/v1/namespaces/default/workflows/evil';

function httpRequest(method: string, path: string, headers: Record<string, string>, text = ''): string {
  const all = { ...headers, ...(text ? { 'Content-Length': String(text.length) } : {}), Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
}

/** What a browser sends for a page of another origin, and for one whose name was made to point to this machine. */
function foreignRequests({ host, port }: Listening): Record<string, string> {
  const here = `${host}:${port}`;
  const rebound = { Host: `evil.example:${port}` };
  const page = { Host: here, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
  const plain = { 'Content-Type': 'text/plain' };
  return {
    'a form': httpRequest('POST', workflowPath, { ...page, ...plain }, body),
    'a form of a sandboxed frame': httpRequest(
      'POST',
      workflowPath,
      { ...page, Origin: 'null', ...plain },
      body,
    ),
    'a preflight': httpRequest('OPTIONS', workflowPath, { ...page, 'Access-Control-Request-Method': 'PUT' }),
    'a rebound read': httpRequest('GET', '/api/v1/namespaces', rebound),
    'a rebound page': httpRequest('GET', '/', rebound),
    'a rebound form': httpRequest(
      'POST',
      workflowPath,
      { ...rebound, Origin: `http://evil.example:${port}`, 'Sec-Fetch-Site': 'same-origin', ...plain },
      body,
    ),
  };
}

/** What is wrong with an answer to a stranger's page; null when it was refused, or nobody there speaks HTTP. */
function objection(answer: string): string | null {
  if (/access-control-allow-origin/i.test(answer)) return 'it allows another origin to read';
  if (/\bPONG\b|\+OK/.test(answer)) return 'it obeys commands in the body';
  const status = /^HTTP\/1\.[01] (\d)/.exec(answer)?.[1];
  return status === undefined || status === '4' || status === '5'
    ? null
    : `it answers: ${answer.slice(0, 60)}`;
}

/** Objections to any of the ports; and which of them hand out figures. */
async function tryAll(ports: Listening[]): Promise<{ objections: string[]; metrics: number[] }> {
  const objections: string[] = [];
  const metrics: number[] = [];
  for (const one of ports) {
    const where = `${one.host}:${one.port} of ${one.command}`;
    if (!one.host.startsWith('127.')) objections.push(`${where} is not on loopback`);
    const requests = Object.entries(foreignRequests(one));
    const answers = await Promise.all(requests.map(([, text]) => exchange(one, text)));
    for (const [index, answer] of answers.entries()) {
      const problem = objection(answer);
      if (problem) objections.push(`${where}, ${requests[index]?.[0]}: ${problem}`);
    }
    const figures = await exchange(one, httpRequest('GET', '/metrics', { Host: 'evil.example' }));
    // No page can read them without a rebound name, and they say nothing but numbers of workflows and calls.
    if (/^HTTP\/1\.[01] 200/.test(figures)) metrics.push(one.pid);
    if (/access-control-allow-origin/i.test(figures))
      objections.push(`${where} lets any origin read its metrics`);
  }
  return { objections, metrics };
}

test('the stack listens on loopback only, and answers no page of another origin', async () => {
  if (process.platform !== 'linux') return;
  const { api, temporal, aws, worker } = stack.stack.description;
  const pids = [api.pid, temporal.pid, aws.pid, worker.pid].filter((pid) => pid !== null);
  // The orchestrator is this very process.
  const ports = listeningOf([...withChildren(pids), process.pid]);
  const urls = [api.url, temporal.uiUrl, `http://${temporal.address}`, aws.url, worker.metricsUrl];
  const named = urls.map((url) => Number(new URL(url ?? '').port));
  expect(ports.map(({ port }) => port)).toEqual(expect.arrayContaining(named));
  const { objections, metrics } = await tryAll(
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

const wide: Record<TechnologyId, Record<string, unknown>> = {
  kafka: { ...samples.kafka.settings, brokers: 2 },
  kinesis: { ...samples.kinesis.settings, shards: 1 },
  nats: { ...samples.nats.settings, replicas: 3 },
};
/** Brokers listen for clients and for each other; the emulator's stream has the proxy with its quotas. */
const expectedPorts: Record<TechnologyId, number> = { kafka: 4, kinesis: 1, nats: 6 };

test.each(Object.keys(wide) as TechnologyId[])(
  'what an experiment with %s starts listens on loopback only, and obeys no page',
  async (technology) => {
    if (process.platform !== 'linux') return;
    const id = await stack.submit({
      name: 'listens',
      technology,
      settings: wide[technology],
      workload: {
        load: { shape: 'constant', messagesPerSecond: 10 },
        warmupSeconds: 1,
        maxWarmupSeconds: 1,
        durationSeconds: 120,
      },
    });
    await stack.untilPhase(id, 'measuring');
    const pids = processesOf(stack.home, id).map(({ identity }) => identity.pid);
    const ports = listeningOf(withChildren(pids));
    expect(ports).toHaveLength(expectedPorts[technology]);
    expect(await tryAll(ports)).toEqual({ objections: [], metrics: [] });
    await stack.cancel(id);
    await stack.untilPhase(id, 'closed');
  },
  180_000,
);
