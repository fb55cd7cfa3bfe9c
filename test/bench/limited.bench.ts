/**
 * Whether the load generator knows when it was the bottleneck: the same load on a real broker three times, in peace,
 * with the generator's own process stopped for half of the time, and with the broker stopped for half of the time.
 * Only the second may be marked `limited`. Exits with 1 when it is otherwise.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { generatorUsage } from '../../src/analysis/generator-usage.ts';
import type { Result } from '../../src/contracts/documents/result.ts';
import { workloadSchema } from '../../src/contracts/input/workload.ts';
import { createTopics, kafkaSession } from '../loadgen/support/kafka-session.ts';
import { measureBoth, orderOf } from '../loadgen/support/measuring.ts';
import { startKafka } from '../loadgen/support/servers.ts';
import { endWhenInterrupted } from './interrupted.ts';
import { publish, table } from './report.ts';

const workload = workloadSchema.parse({
  load: { shape: 'constant', messagesPerSecond: 1_000 },
  warmupSeconds: 5,
  maxWarmupSeconds: 5,
  durationSeconds: 10,
});

/** Stops a process for 200 ms, lets it run for 200 ms, and so on; ends, with the process running, once it is killed. */
function throttle(pid: number): ChildProcess {
  const script =
    'trap "kill -CONT $1; exit" TERM; while kill -STOP $1; do sleep 0.2; kill -CONT $1; sleep 0.2; done';
  return spawn('bash', ['-c', script, 'throttle', String(pid)], { stdio: 'ignore' });
}

async function measure(name: string, throttled: 'nothing' | 'generator' | 'broker') {
  const broker = await startKafka();
  endWhenInterrupted(() => broker.stop());
  const { bootstrapServers } = broker;
  const topic = `limited-${throttled}`;
  await createTopics(bootstrapServers, [topic]);
  const session = kafkaSession({ bootstrapServers, topic, settings: { acks: 1 }, workload });
  let throttling: ChildProcess | null = null;
  try {
    await session.open();
    const measuring = measureBoth(session, orderOf(session, 300));
    if (throttled !== 'nothing') throttling = throttle(throttled === 'broker' ? broker.pid : process.pid);
    setTimeout(() => throttling?.kill('SIGTERM'), workload.durationSeconds * 1_000);
    const { produced, consumed } = await measuring;
    return { name, usage: generatorUsage([produced, consumed]) as NonNullable<Result['loadGenerator']> };
  } finally {
    throttling?.kill('SIGTERM');
    await session.close();
    await broker.stop();
  }
}

const runs = [
  { ...(await measure('in peace', 'nothing')), expected: false },
  { ...(await measure('generator throttled', 'generator')), expected: true },
  { ...(await measure('broker throttled', 'broker')), expected: false },
];
const rows = runs.map(({ name, usage }) => [
  name,
  String(usage.limited),
  String(usage.lateSendP99Ms),
  usage.evidence.join('; '),
]);
const right = runs.every(({ usage, expected }) => usage.limited === expected);
publish('limited', {
  title: 'Whether the load generator knows when it is the bottleneck',
  conditions: `A real broker under 1,000 messages/s for ${workload.durationSeconds} s: in peace, with the generator stopped for half of the time, and with the broker stopped for half of the time; only the second may be marked.`,
  sections: [
    table(['run', 'limited', 'late p99, ms', 'evidence'], rows),
    right ? 'Marked rightly.' : 'Marked WRONGLY.',
  ],
});
process.exit(right ? 0 : 1);
