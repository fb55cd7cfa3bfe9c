import { expect, test } from '@jest/globals';
import { diskProblem, storedBytes } from '../../src/analysis/disk.ts';
import { type ExperimentSpec, experimentSchema } from '../../src/contracts/input/experiment.ts';

function spec(technology: string, settings: object, load: object = {}): ExperimentSpec {
  const shape = { shape: 'constant', messagesPerSecond: 100_000, ...load };
  const workload = { load: shape, messageSizeBytes: 1_000, warmupSeconds: 10, durationSeconds: 86_390 };
  return experimentSchema.parse({ name: 'a day', technology, settings, workload });
}

const copy = 100_000 * 1_000 * 86_400;

test.each([
  ['one copy', spec('kafka', {}), copy],
  ['every copy', spec('kafka', { brokers: 3, replicationFactor: 3 }), 3 * copy],
  [
    'nothing that Kafka is told to delete',
    spec('kafka', { serverProperties: { 'log.retention.bytes': '1000000' } }),
    0,
  ],
  ['every replica', spec('nats', { replicas: 3 }), 3 * copy],
  ['nothing that is kept in memory', spec('nats', { storage: 'memory' }), 0],
  ['nothing that is deleted once received', spec('nats', { retention: 'workqueue' }), 0],
  ['nothing of an emulated stream', spec('kinesis', {}), 0],
])('the disk holds %s', (_, experiment, bytes) => {
  expect(storedBytes(experiment)).toBe(bytes);
});

test('an experiment that does not fit is told so, with both figures', () => {
  expect(diskProblem(spec('kafka', {}), copy)).toBeNull();
  expect(diskProblem(spec('kafka', {}), 200e9)).toBe(
    'a day: its messages take 8,640 GB on the disk, of which 200 GB are free. ' +
      'Lower the rate, the size or the duration, or bound what the product keeps.',
  );
});
