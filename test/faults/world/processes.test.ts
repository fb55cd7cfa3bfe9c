import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { until } from '../../support/until.ts';
import { measuringExperiments } from './processes.ts';

test('experiments that have a broker or a generator at once are seen, others are not', async () => {
  if (process.platform !== 'linux') return;
  const home = `/nowhere/${process.pid}`;
  const start = (id: string, like: string) =>
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', like, 'x'], {
      env: { COMPARATOR_RUN_FOLDER: `${home}/experiments/${id}` },
      stdio: 'ignore',
    });
  const children = [
    start('one', 'kafka.Kafka'),
    start('one', '/p/loadgen/worker.ts'),
    start('two', '/p/loadgen/worker.ts'),
    start('three', '/p/something.ts'),
  ];
  try {
    await until('both to be seen', () => measuringExperiments(home).length === 2);
    expect(measuringExperiments(home).sort()).toEqual(['one', 'two']);
    expect(measuringExperiments('/elsewhere')).toEqual([]);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
});
