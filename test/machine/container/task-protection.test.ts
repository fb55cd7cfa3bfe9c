import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TaskProtection } from '../../../src/machine/container/task-protection.ts';

/** What ECS's agent answers, and what it was asked. */
let agent: Server;
let asked: { method: string; path: string; body: unknown }[];
let answer: (body: { ProtectionEnabled: boolean }) => { status: number; body: unknown } | null;
let agentUri: string;
let alive: boolean;
let nowMs: number;
let warnings: string[];
let protection: TaskProtection;

const granted = (body: { ProtectionEnabled: boolean }) => ({
  status: 200,
  body: { protection: { ...body, TaskArn: 'arn:aws:ecs:eu-central-1:000000000000:task/c/1' } },
});

beforeEach(async () => {
  asked = [];
  answer = granted;
  agent = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString());
    asked.push({ method: request.method ?? '', path: request.url ?? '', body });
    const answered = answer(body);
    if (!answered) return void request.socket.destroy();
    response.writeHead(answered.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answered.body));
  });
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
  agentUri = `http://127.0.0.1:${(agent.address() as AddressInfo).port}/api/1234`;
  alive = false;
  nowMs = 1_000_000;
  warnings = [];
  protection = new TaskProtection({
    agentUri,
    isNeeded: () => alive,
    warn: (message) => warnings.push(message),
    now: () => nowMs,
  });
});

afterEach(async () => {
  await protection.close();
  agent.closeAllConnections();
  await new Promise((resolve) => agent.close(resolve));
});

const states = () => asked.map(({ body }) => (body as { ProtectionEnabled: boolean }).ProtectionEnabled);

test('work begins once the task is protected, and it is released after', async () => {
  const result = await protection.during(async () => {
    expect(asked).toEqual([
      {
        method: 'PUT',
        path: '/api/1234/task-protection/v1/state',
        body: { ProtectionEnabled: true, ExpiresInMinutes: 60 },
      },
    ]);
    return 'done';
  });
  await protection.settle();
  expect(result).toBe('done');
  expect(asked[1]?.body).toEqual({ ProtectionEnabled: false });
  expect(states()).toEqual([true, false]);
  expect(warnings).toEqual([]);
});

test('it stays protected until the last of several has ended, also when one fails', async () => {
  const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const works = ends.map(({ promise }) => protection.during(() => promise));
  await protection.settle();
  ends[0]?.reject(new Error('failed'));
  await expect(works[0]).rejects.toThrow('failed');
  await protection.settle();
  expect(states()).toEqual([true]);
  ends[1]?.resolve();
  await works[1];
  await protection.settle();
  expect(states()).toEqual([true, false]);
});

test('what an activity leaves running keeps it protected, until a look finds nothing', async () => {
  await protection.during(async () => {
    alive = true;
  });
  await protection.settle();
  expect(states()).toEqual([true]);
  alive = false;
  await protection.settle();
  expect(states()).toEqual([true, false]);
  await protection.settle();
  expect(states()).toEqual([true, false]);
});

test('it is refreshed while the work is long, well before it expires', async () => {
  await protection.during(async () => {
    nowMs += 19 * 60_000;
    await protection.settle();
    expect(states()).toEqual([true]);
    nowMs += 60_000;
    await protection.settle();
    expect(states()).toEqual([true, true]);
  });
  await protection.settle();
  expect(states()).toEqual([true, true, false]);
});

test('a process that finds itself protected by one before it gives that back', async () => {
  await protection.settle();
  expect(states()).toEqual([false]);
});

describe('work goes on where the agent', () => {
  test.each([
    [
      'refuses',
      () => ({ status: 200, body: { failure: { Arn: 'a', Reason: 'DEPLOYMENT_BLOCKED', Detail: 'wait' } } }),
      'DEPLOYMENT_BLOCKED: wait',
    ],
    [
      'may not',
      () => ({
        status: 400,
        body: { error: { Arn: 'a', Code: 'AccessDeniedException', Message: 'no role' } },
      }),
      'AccessDeniedException: no role',
    ],
    ['answers nonsense', () => ({ status: 503, body: 'busy' }), 'the container agent answered 503'],
    ['breaks off', () => null, 'the container agent does not answer (fetch failed)'],
  ])('%s, which is said once', async (_what, answering, reason) => {
    answer = answering;
    expect(await protection.during(async () => 'done')).toBe('done');
    await protection.during(async () => 'again');
    await protection.settle();
    const said = `This task is not protected from scale-in and deployments: ${reason}`;
    expect(warnings.filter((warning) => warning === said)).toHaveLength(1);
  });

  test('has protected it late: the next look does', async () => {
    answer = () => null;
    await protection.during(async () => {
      answer = granted;
      await protection.settle();
      expect(states().slice(-1)).toEqual([true]);
      asked.length = 0;
    });
    await protection.settle();
    expect(states()).toEqual([false]);
  });
});

test('a request for release never overtakes one for protection', async () => {
  let slow = true;
  const arrived: boolean[] = [];
  answer = (body) => {
    arrived.push(body.ProtectionEnabled);
    return granted(body);
  };
  const first = protection.during(async () => {
    if (slow) await delay(20);
    slow = false;
  });
  await Promise.all([first, protection.settle(), protection.during(async () => {})]);
  await protection.settle();
  expect(arrived).toEqual([true, false]);
});
