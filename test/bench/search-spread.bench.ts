/**
 * Ten searches of examples/kafka-capacity.yaml with kafkajs: how far apart are the rates that they find? `--quick` makes
 * three, with short probes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../src/config.ts';
import { runExperiment, spreadOf, startBenchStack } from './experiments.ts';
import { perSecond, publish, quick, table } from './report.ts';

const searches = quick ? 3 : 10;
const mostPercent = 10;

const example = parse(readFileSync(join(projectRoot, 'examples', 'kafka-capacity.yaml'), 'utf8'));
const { workload } = example;
const experiment = {
  ...example,
  settings: { ...example.settings, producerClient: 'kafkajs', consumerClient: 'kafkajs' },
  workload: quick
    ? { ...workload, load: { ...workload.load, probeSeconds: 3 }, durationSeconds: 5 }
    : workload,
};

const stack = await startBenchStack();
try {
  const found: number[] = [];
  const rows: (string | number)[][] = [];
  for (let search = 1; search <= searches; search++) {
    const { capacity, loadGenerator } = await runExperiment(stack, experiment);
    const rate = capacity?.sustainableMessagesPerSecond ?? null;
    if (rate !== null) found.push(rate);
    const probes = capacity?.probes ?? [];
    console.error(`search ${search} of ${searches}: ${rate === null ? 'none' : perSecond(rate)}`);
    rows.push([
      search,
      rate === null ? 'none' : perSecond(rate),
      probes.length,
      probes.findLast(({ sustained }) => !sustained)?.reason ?? '–',
      loadGenerator?.limited ? 'yes' : 'no',
    ]);
  }
  const { lowest, median, highest, percent } = spreadOf(found);
  publish('search-spread', {
    title: `${found.length} searches find rates that lie ${percent.toFixed(1)} % of their median apart (${mostPercent} % is wanted)`,
    conditions: `examples/kafka-capacity.yaml with kafkajs, ${searches} times, on infrastructure of its own each: from ${perSecond(lowest)} to ${perSecond(highest)} messages/s, median ${perSecond(median)}.`,
    sections: [
      table(
        ['search', 'found, messages/s', 'probes', 'why the last one failed', 'generator was the limit'],
        rows,
      ),
    ],
  });
  if (found.length < searches || percent > mostPercent) process.exitCode = 1;
} finally {
  await stack.end();
}
