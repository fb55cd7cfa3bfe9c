/**
 * One variant, run eight times under eight names: what differs between the runs is the machine's doing, and no difference
 * between variants that is smaller says anything. `--quick` runs it three times, for 5 s.
 */
import type { Result } from '../../src/contracts/documents/result.ts';
import { runExperiment, spreadOf, startBenchStack } from './experiments.ts';
import { perSecond, publish, quick, table } from './report.ts';

const runs = quick ? 3 : 8;
const durationSeconds = quick ? 5 : 20;
const messagesPerSecond = 2_000;

const variants = [
  { name: 'Kafka, kafkajs', technology: 'kafka', settings: { partitions: 4 } },
  {
    name: 'Kafka, flat',
    technology: 'kafka',
    settings: { partitions: 4, producerClient: 'flat', consumerClient: 'flat' },
  },
  { name: 'NATS', technology: 'nats', settings: { subjects: 4 } },
];

const metrics: [string, (measurement: NonNullable<Result['measurement']>) => number | null][] = [
  ['end-to-end p50, ms', ({ latency }) => latency.endToEnd.p50Ms],
  ['end-to-end p99, ms', ({ latency }) => latency.endToEnd.p99Ms],
  ['publish p50, ms', ({ latency }) => latency.publish.p50Ms],
  ['publish p99, ms', ({ latency }) => latency.publish.p99Ms],
  ['consumed, messages/s', ({ throughput }) => throughput.consumed.messagesPerSecond],
];

const figure = (value: number) => (value >= 1_000 ? perSecond(value) : value.toPrecision(3));

const stack = await startBenchStack();
try {
  const sections: string[] = [];
  for (const { name, ...variant } of variants) {
    const results: Result[] = [];
    for (let run = 1; run <= runs; run++) {
      console.error(`${name}, run ${run} of ${runs} …`);
      results.push(
        await runExperiment(stack, {
          ...variant,
          name: `${name}, ${run}`,
          workload: { load: { shape: 'constant', messagesPerSecond }, warmupSeconds: 5, durationSeconds },
        }),
      );
    }
    const rows = metrics.map(([label, of]) => {
      const values = results.flatMap(({ measurement }) => {
        const value = measurement && of(measurement);
        return value === null ? [] : [value];
      });
      const { lowest, median, highest, percent } = spreadOf(values);
      return [
        label,
        ...[lowest, median, highest].map(figure),
        `${percent.toFixed(1)} %`,
        values.map(figure).join(', '),
      ];
    });
    const limited = results.filter(({ loadGenerator }) => loadGenerator?.limited).length;
    sections.push(
      `## ${name}`,
      table(['metric', 'lowest', 'median', 'highest', 'apart', 'in the order of the runs'], rows),
      `The generator was the limit in ${limited} of ${runs} runs.`,
    );
  }
  publish('same-again', {
    title: 'The same variant again and again',
    conditions:
      `Each variant as ${runs} experiments of ${durationSeconds} s at ${perSecond(messagesPerSecond)} messages/s of 1 KB, one after another, on infrastructure of their own each. ` +
      '"Apart" is the distance between the lowest and the highest, in percent of the median: no difference below it says anything from one run each.',
    sections,
  });
} finally {
  await stack.end();
}
