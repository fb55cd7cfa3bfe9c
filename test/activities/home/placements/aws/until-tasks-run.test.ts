import { expect, test } from '@jest/globals';
import type { CloudClients } from '../../../../../activities/home/placements/aws/clients.ts';
import { untilTasksRun } from '../../../../../activities/home/placements/aws/until-tasks-run.ts';
import { AttemptLostError } from '../../../../../src/temporal/activity-error.ts';

const owner = { installationId: 'inst', experimentId: 'exp-1' };
const quick = { timeoutMs: 200, pauseMs: 1 };

/** A cluster with two services, of which so many run at each look. */
function ecs(running: number[]): { ecs: CloudClients['ecs'] } {
  let looks = 0;
  return {
    ecs: {
      listServices: async () => ({ serviceArns: ['arn:0', 'arn:1'] }),
      async describeServices() {
        const now = running[Math.min(looks, running.length - 1)] ?? 0;
        looks += 1;
        return {
          services: [0, 1].map((index) => ({
            status: 'ACTIVE',
            desiredCount: 1,
            runningCount: index < now ? 1 : 0,
          })),
        };
      },
    },
  } as never;
}

test('waits for each, and tells how far they are', async () => {
  const told: unknown[] = [];
  const attempt = { ending: () => null, report: (details: unknown) => void told.push(details) };
  await untilTasksRun(ecs([0, 1, 2]), owner, attempt, quick);
  expect(told).toEqual([
    { waitsFor: 'load generators on Fargate, of which 0 of 2 run' },
    { waitsFor: 'load generators on Fargate, of which 1 of 2 run' },
  ]);
});

test('does not wait for ever, nor for an attempt that was given up', async () => {
  const attempt = { ending: () => null, report: () => {} };
  await expect(untilTasksRun(ecs([1]), owner, attempt, quick)).rejects.toThrow(
    /^of 2 load generators 1 run after/,
  );
  const lost = { ending: () => 'lost' as const, report: () => {} };
  await expect(untilTasksRun(ecs([1]), owner, lost, quick)).rejects.toThrow(AttemptLostError);
  const cancelled = { ending: () => 'cancelled' as const, report: () => {} };
  await untilTasksRun(ecs([1]), owner, cancelled, quick);
});
