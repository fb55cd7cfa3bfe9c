import { expect, test } from '@jest/globals';
import { WorkerLogger } from '../../../src/temporal/watching/worker-logger.ts';

function logged(meta: Record<string, unknown>) {
  const lines: [string, object, string][] = [];
  const logger = new WorkerLogger('INFO', (level, fields, message) => lines.push([level, fields, message]));
  logger.info('said', meta);
  return { lines, logger };
}

test('a line of an experiment says which, and of which run', () => {
  const { lines } = logged({
    workflowId: 'exp-1',
    workflowRunId: 'run-1',
    workflowType: 'experiment',
    activityType: 'provision',
    attempt: 2,
    taskToken: 'long',
  });
  expect(lines).toEqual([
    [
      'INFO',
      { workflow: 'exp-1', experiment: 'exp-1', run: 'run-1', activity: 'provision', attempt: 2 },
      'said',
    ],
  ]);
});

test('what another workflow does about an experiment is of that experiment', () => {
  const { lines } = logged({ workflowId: 'reaper', runId: 'r', workflowType: 'reaper', experiment: 'exp-2' });
  expect(lines).toEqual([['INFO', { workflow: 'reaper', run: 'r', experiment: 'exp-2' }, 'said']]);
});

test('less than is asked for is left out, and what a worker failed with is remembered', () => {
  const { lines, logger } = logged({});
  logger.debug('unheard');
  const error = new Error('no connection');
  logger.error('Worker failed', { error });
  expect(lines.map(([, , message]) => message)).toEqual(['said', 'Worker failed']);
  expect(lines[1]?.[1]).toEqual({ err: error });
  expect(logger.failure).toBe(error);
});
