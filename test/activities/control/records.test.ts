import { expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createRecordActivities } from '../../../activities/control/records.ts';
import { idSchema } from '../../../src/contracts/input/ids.ts';
import { reaperScheduleId, runQueueId } from '../../../src/contracts/temporal/names.ts';
import { UnreadableRecordError } from '../../../src/storage/records.ts';
import { InvalidInputError } from '../../../src/temporal/activity-error.ts';
import {
  comparisonRecord,
  comparisonSpec,
  experimentRecord,
  experimentSpec,
} from '../../support/documents.ts';

const { acceptExperiment, acceptComparison } = createRecordActivities({ records: {} as never });
const submittedAt = new Date(0).toISOString();

test.each([
  runQueueId('local'),
  runQueueId('any'),
  'run-queue',
  reaperScheduleId,
  'reap-01m8',
  'reaper-workflow-2026',
  'reaper-orphan-left-1',
])('%s is the id of no experiment and no comparison', async (id) => {
  const refused = { name: InvalidInputError.name, message: expect.stringContaining('with another id') };
  await expect(acceptExperiment({ experimentId: id, input: {}, submittedAt })).rejects.toMatchObject(refused);
  await expect(acceptComparison({ comparisonId: id, input: {}, submittedAt })).rejects.toMatchObject(refused);
  // What an earlier release has accepted by such an id must still be found and destroyed.
  expect(idSchema.safeParse(id).success).toBe(true);
});

test.each(['reaping-1', 'run-queues', 'my-reaper'])('%s may be an id', async (id) => {
  await expect(acceptExperiment({ experimentId: id, input: {}, submittedAt })).rejects.toThrow(
    'This is not a valid experiment',
  );
});

test('of a comparison some variants are changed, and of what cannot be read none', async () => {
  const saved: unknown[] = [];
  const saveComparison = async (record: unknown) => void saved.push(record);
  const change = async (readComparison: () => Promise<unknown>) => {
    const { recordVariants } = createRecordActivities({
      records: { readComparison, saveComparison } as never,
    });
    const states = { 'cmp-0001-02': 'failed' as const, 'of no variant': 'failed' as const };
    await new MockActivityEnvironment().run(recordVariants, { comparisonId: 'cmp-0001', states });
  };
  const record = comparisonRecord({ outcome: null });
  await change(async () => record);
  await change(async () => null);
  await change(async () => Promise.reject(new UnreadableRecordError('a key', new Error('torn'))));
  const [first, second] = record.variants;
  expect(saved).toEqual([
    { ...record, runId: expect.any(String), variants: [first, { ...second, state: 'failed' }] },
  ]);
  await expect(change(async () => Promise.reject(new Error('S3 is away')))).rejects.toThrow('S3 is away');
});

test('a comparison by the id of an experiment is refused', async () => {
  const records = { readExperiment: async () => experimentRecord() } as never;
  const { acceptComparison } = createRecordActivities({ records });
  const accepting = new MockActivityEnvironment().run(acceptComparison, {
    comparisonId: 'exp-0001',
    input: { spec: comparisonSpec() },
    submittedAt,
  });
  const message = 'The id exp-0001 is that of an experiment. Start the comparison with another id.';
  await expect(accepting).rejects.toMatchObject({ name: InvalidInputError.name, message });
});

test.each([{ technology: 'nats' }, { target: 'aws' }])(
  'an id whose record has %j is refused',
  async (other) => {
    const records = {
      addExperiment: async () => false,
      readExperiment: async () => ({ ...experimentRecord(), ...other }),
    } as never;
    const { acceptExperiment } = createRecordActivities({ records });
    const accepting = new MockActivityEnvironment().run(acceptExperiment, {
      experimentId: 'exp-0001',
      input: { spec: experimentSpec(), comparisonId: null },
      submittedAt,
    });
    await expect(accepting).rejects.toMatchObject({
      name: InvalidInputError.name,
      message: expect.stringContaining('Start kafka on local again with another id.'),
    });
  },
);

test('an id whose record can never be read is refused at once; one that S3 does not give now is asked for again', async () => {
  const accepting = (error: Error) => {
    const records = {
      addExperiment: async () => false,
      readExperiment: () => Promise.reject(error),
    } as never;
    return new MockActivityEnvironment().run(createRecordActivities({ records }).acceptExperiment, {
      experimentId: 'exp-0001',
      input: { spec: experimentSpec(), comparisonId: null },
      submittedAt,
    });
  };
  await expect(accepting(new UnreadableRecordError('it', new Error('no JSON')))).rejects.toMatchObject({
    name: InvalidInputError.name,
    message: expect.stringContaining('with another id'),
  });
  await expect(accepting(new Error('S3 is away'))).rejects.toThrow(/^S3 is away$/);
});
