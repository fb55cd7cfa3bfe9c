import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { ourWorkflows } from '../support/temporal.ts';
import { addRelease, deviations, readHistory, readReleases } from './support/golden.ts';
import { recordHistories } from './support/golden-recorder.ts';

/** What a history must hold, lest its course was not taken: names of activities, and how a run may end. */
const marks: Record<string, string> = {
  'experiment-completed': 'home-golden',
  'experiment-not-quiet': 'awaitQuiet',
  'experiment-home-gone': 'whichHome',
  'experiment-disowned': 'What was provisioned is gone',
  'experiment-refused-destroys-earlier': 'destroy',
  'experiment-ladder': 'judgeProbe',
  'experiment-ladder-searched': 'judgeProbe',
  'experiment-waiter-as-new': 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  'experiment-waiter-as-new-2': 'provision',
  'experiment-as-new': 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  'comparison-repeated': 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  'comparison-repeated-2': 'EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED',
  'run-queue': 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  'run-queue-2': 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
  'orphan-destroyed': 'home-golden',
};

test('a release is recorded with every course that its workflows can take, and replays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comparator-golden-'));
  try {
    writeFileSync(join(folder, 'releases.json'), '{}');
    addRelease('9.9.9', await recordHistories(() => {}), folder);
    expect(deviations(folder)).toEqual([]);
    const names = Object.keys(readReleases(folder)['9.9.9'] ?? {});
    const histories = names.map((name) => ({
      workflowId: name,
      history: readHistory('9.9.9', name, folder),
    }));
    const told = (name: string) =>
      decoded(histories.find(({ workflowId }) => workflowId === name)?.history ?? {});
    for (const [name, mark] of Object.entries(marks))
      expect([name, told(name)]).toEqual([name, expect.stringContaining(mark)]);
    const replayed = Worker.runReplayHistories({ workflowBundle: await ourWorkflows() }, histories);
    for await (const { workflowId, error } of replayed)
      expect([workflowId, error]).toEqual([workflowId, undefined]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 400_000);

/** Its text, with that of the payloads. */
function decoded(history: object): string {
  const text = JSON.stringify(history);
  return text.replaceAll(/"data":"([^"]*)"/g, (_, data) => Buffer.from(data, 'base64').toString());
}
