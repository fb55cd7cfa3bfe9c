import { describe, expect, test } from '@jest/globals';
import { guaranteeOfExperiment } from '../../../src/analysis/plan/guarantees.ts';
import type { ReportEntry } from '../../../src/analysis/report/columns.ts';
import { conditionLines } from '../../../src/analysis/report/conditions/conditions.ts';
import { buildReport } from '../../../src/analysis/report/report.ts';
import { reportMarkdown } from '../../../src/analysis/report/report-markdown.ts';
import { conclusions } from '../../../src/analysis/report/report-tables.ts';
import { verdictsOn } from '../../../src/analysis/verdicts.ts';
import { reportSchema } from '../../../src/contracts/documents/api.ts';
import type { Failure, Probe } from '../../../src/contracts/documents/progress.ts';
import type { Result } from '../../../src/contracts/documents/result.ts';
import type { Requirement } from '../../../src/contracts/input/requirement.ts';
import { experimentSpec, latency, loadGenerator, measurement, result } from '../../support/documents.ts';

const requirements: Requirement[] = [
  { metric: 'latency.endToEnd.p99Ms', atMost: 100 },
  { metric: 'messages.lost', atMost: 0 },
];

function entry(
  name: string,
  given: Partial<Result> = {},
  experiment: Partial<ReportEntry['experiment']> = {},
): ReportEntry {
  const measured = given.measurement === undefined ? measurement() : given.measurement;
  const { emulated = false } = experiment;
  const verdicts = verdictsOn(requirements, {
    measurement: measured,
    emulated,
    partial: given.partial ?? false,
    limited: given.loadGenerator?.limited ?? false,
    moving: null,
  });
  return {
    experiment: {
      id: `id-of-${name}`,
      name,
      technology: 'kafka',
      target: 'local',
      emulated,
      outcome: 'completed',
      ...experiment,
    },
    // Settings of which there is nothing to note.
    result: result({
      name,
      spec: experimentSpec({ settings: { acks: 1 } }),
      verdicts,
      ...given,
      measurement: measured,
    }),
    failure: null,
  };
}

test('columns of one name are told apart by the ends of their ids, in every table and note', () => {
  const built = report(
    entry('twice', {}, { id: '01m8c17v00000000000000a1b2', outcome: 'cancelled' }),
    entry('once'),
    entry('twice', {}, { id: '01m8c18v00000000000000c3d4', outcome: 'cancelled' }),
  );
  expect(built.columns.map(({ name, label }) => [name, label])).toEqual([
    ['twice', 'twice (…00a1b2)'],
    ['once', 'once'],
    ['twice', 'twice (…00c3d4)'],
  ]);
  expect(built.notes).toEqual(['twice (…00a1b2) was cancelled.', 'twice (…00c3d4) was cancelled.']);
  const markdown = reportMarkdown(built);
  expect(markdown.match(/^\| twice \(…00a1b2\) /gm)?.length).toBe(markdown.match(/^\| once /gm)?.length);
  expect(markdown).not.toMatch(/^\| twice +\|/m);
});

test('where the ends are alike too, the whole id tells them apart', () => {
  const built = report(entry('same', {}, { id: 'one-000000' }), entry('same', {}, { id: 'two-000000' }));
  expect(built.columns.map(({ label }) => label)).toEqual(['same (one-000000)', 'same (two-000000)']);
});

test('one that is asked for twice is one, and keeps its name', () => {
  expect(report(entry('A'), entry('A')).columns.map(({ label }) => label)).toEqual(['A', 'A']);
});

function report(...entries: ReportEntry[]) {
  return buildReport({
    title: 'kafka vs kinesis',
    comparisonId: 'cmp-0001',
    generatedAt: new Date('2026-11-24T13:00:00.000Z'),
    entries,
  });
}

const failure: Failure = {
  code: 'terraform-failed',
  phase: 'provisioning',
  message: 'no room',
  diagnostics: [],
};

test('has a column for each experiment, in the order given, and is a valid document', () => {
  const built = report(entry('A'), entry('B', {}, { technology: 'kinesis', emulated: true }));
  expect(reportSchema.parse(built)).toEqual(built);
  expect(built.columns.map(({ name, meetsRequirements }) => [name, meetsRequirements])).toEqual([
    ['A', 'met'],
    ['B', 'undecided'],
  ]);
});

test.each<[string, ReportEntry, string[]]>([
  ['all is well', entry('A'), []],
  [
    'emulated',
    entry('A', {}, { emulated: true }),
    [
      'A is EMULATED here: its throughput and latency say nothing of the real service, and decide no verdict.',
    ],
  ],
  [
    'partial',
    entry('A', { partial: true }, { outcome: 'cancelled' }),
    ['A was cancelled.', "A's measurement was cut short: its speed decides no verdict."],
  ],
  [
    'failed',
    { ...entry('A', { measurement: null }, { outcome: 'failed' }), failure },
    ['A failed while provisioning: no room'],
  ],
  [
    'limited',
    entry('A', {
      loadGenerator: {
        ...loadGenerator(),
        limited: true,
        evidence: ['CPU at 100 %'],
      },
    }),
    [
      'A was limited by the load generator (CPU at 100 %): the product may well do better. To find out: producerClient: flat and consumerClient: flat take the least of the processor.',
    ],
  ],
  [
    'begun late',
    entry('A', { loadGenerator: { ...loadGenerator(), startLateMs: 2_300 } }),
    ['A began 2.3 s late, until every participant was ready; no latency counts that.'],
  ],
  [
    'begun late for what was left of a probe',
    entry('A', { loadGenerator: { ...loadGenerator(), startLateMs: 61_000, undrainedBefore: 5_000 } }),
    [
      'A began 61 s late, until 5,000 messages of the round before had arrived or stopped arriving; no latency counts that.',
    ],
  ],
  ['begun a moment late', entry('A', { loadGenerator: { ...loadGenerator(), startLateMs: 40 } }), []],
  [
    'beyond the ceiling',
    entry('A', { ceiling: { messagesPerSecond: 999, source: 'quotas', exceeded: true } }),
    ["A went beyond the real product's published ceiling of 999 messages/s (quotas)."],
  ],
  [
    'asked beyond the ceiling',
    entry('A', { ceiling: { messagesPerSecond: 4_000, source: 'quotas', exceeded: true } }),
    ["A was asked to go beyond the real product's published ceiling of 4,000 messages/s (quotas)."],
  ],
  [
    'refused',
    entry('A', {
      refusals: [
        { reason: 'MESSAGE_TOO_LARGE', outcome: 'failed', messages: 1_200 },
        { reason: 'REQUEST_TIMED_OUT', outcome: 'indeterminate', messages: 1 },
      ],
      warmup: { acknowledged: 5, seconds: 5, refusals: [{ reason: 'LATE', outcome: 'failed', messages: 2 }] },
    }),
    [
      'A, in its warm-up: 2 messages failed: LATE (2).',
      'A: 1,200 messages failed: MESSAGE_TOO_LARGE (1,200); 1 message may or may not have been taken: REQUEST_TIMED_OUT (1).',
    ],
  ],
  ['not begun', { ...entry('A', {}, { outcome: null }), result: null }, ['A has not finished.']],
])('notes what a reader must know: %s', (_, given, notes) => {
  expect(report(given).notes).toEqual(notes);
});

const example = report(
  entry('Kafka acks=1'),
  entry('Kafka acks=all', {
    measurement: measurement({
      latency: { publish: latency(), publishScheduled: latency(), endToEnd: latency({ p99Ms: 123.4 }) },
    }),
  }),
  entry('Kinesis, 8 shards', {}, { technology: 'kinesis', emulated: true }),
);

test('of a capacity search it shows what was sustained, and why no more', () => {
  const probe = (messagesPerSecond: number, reason: string): Probe => ({
    messagesPerSecond,
    seconds: 10,
    sustained: reason === 'sustained',
    hold: false,
    reason,
    producedMessagesPerSecond: null,
    consumedMessagesPerSecond: null,
    backlogGrowthPerSecond: null,
    endToEndP99Ms: null,
    limited: false,
  });
  const probes = [probe(1_000, 'sustained'), probe(4_000, 'too much'), probe(2_000, 'the backlog grew')];
  const markdown = reportMarkdown(
    report(
      entry('A', { capacity: { sustainableMessagesPerSecond: 1_000, probes } }),
      entry('B', { capacity: { sustainableMessagesPerSecond: 1_000, probes: probes.slice(0, 1) } }),
    ),
  );
  expect(markdown).toMatch(/\| A +\| +1,000 \| +3 \| +2,000 \| the backlog grew +\|/);
  expect(markdown).toMatch(/\| B +\| +1,000 \| +1 \| +– \| it was the highest rate to try +\|/);
});

test('as Markdown it says which variant meets the requirements, and shows the numbers', () => {
  expect(reportMarkdown(example)).toBe(`# kafka vs kinesis

- Kafka acks=1 is the only one shown to meet all requirements (latency.endToEnd.p99Ms 12.3 ms of at most 100 ms: 8.1 times within it).
- Kafka acks=all misses latency.endToEnd.p99Ms.
- Kinesis, 8 shards is emulated here: nothing is said of its speed.
- Some are emulated and others are not: their speeds are not to be compared. Kafka acks=1 and Kafka acks=all: the product itself; Kinesis, 8 shards: EMULATED.
- Kafka acks=1 meets all 2 requirements.
- Kafka acks=all does not meet 1 of 2 requirements. latency.endToEnd.p99Ms: 123 ms is not at most 100 ms.
- Kinesis, 8 shards (EMULATED) is undecided on 1 of 2 requirements. latency.endToEnd.p99Ms: 12.3 ms on an emulator says nothing of the real product.

## Throughput and end-to-end latency (intended send to consumer)

| Variant                      | consumed/s | MB/s | p50 ms | p99 ms | p99.9 ms | max ms |
|------------------------------|-----------:|-----:|-------:|-------:|---------:|-------:|
| Kafka acks=1                 |      1,000 | 1.02 |   1.23 |   12.3 |     45.6 |    123 |
| Kafka acks=all               |      1,000 | 1.02 |   1.23 |    123 |     45.6 |    123 |
| Kinesis, 8 shards (EMULATED) |      1,000 | 1.02 |   1.23 |   12.3 |     45.6 |    123 |

## Publish latency (send to acknowledgement)

| Variant                      | produced/s | MB/s | p50 ms | p99 ms | p99.9 ms | max ms |
|------------------------------|-----------:|-----:|-------:|-------:|---------:|-------:|
| Kafka acks=1                 |      1,000 | 1.02 |   1.23 |   12.3 |     45.6 |    123 |
| Kafka acks=all               |      1,000 | 1.02 |   1.23 |   12.3 |     45.6 |    123 |
| Kinesis, 8 shards (EMULATED) |      1,000 | 1.02 |   1.23 |   12.3 |     45.6 |    123 |

## Publish latency from the intended time

| Variant                      | produced/s | MB/s | p50 ms | p99 ms | p99.9 ms | max ms |
|------------------------------|-----------:|-----:|-------:|-------:|---------:|-------:|
| Kafka acks=1                 |      1,000 | 1.02 |   1.23 |   12.3 |     45.6 |    123 |
| Kafka acks=all               |      1,000 | 1.02 |   1.23 |   12.3 |     45.6 |    123 |
| Kinesis, 8 shards (EMULATED) |      1,000 | 1.02 |   1.23 |   12.3 |     45.6 |    123 |

## Messages (scheduled = unsent + acknowledged + failed + in doubt)

| Variant                      | scheduled | unsent | acknowledged | failed | lost | duplicated |
|------------------------------|----------:|-------:|-------------:|-------:|-----:|-----------:|
| Kafka acks=1                 |    20,000 |      0 |       20,000 |      0 |    0 |          0 |
| Kafka acks=all               |    20,000 |      0 |       20,000 |      0 |    0 |          0 |
| Kinesis, 8 shards (EMULATED) |    20,000 |      0 |       20,000 |      0 |    0 |          0 |

## Requirements

| Variant                      | Requirement          | Measured | Verdict   |
|------------------------------|----------------------|---------:|-----------|
| Kafka acks=1                 | endToEnd.p99Ms ≤ 100 |  12.3 ms | met       |
| Kafka acks=1                 | lost ≤ 0             |        0 | met       |
| Kafka acks=all               | endToEnd.p99Ms ≤ 100 |   123 ms | NOT MET   |
| Kafka acks=all               | lost ≤ 0             |        0 | met       |
| Kinesis, 8 shards (EMULATED) | endToEnd.p99Ms ≤ 100 |  12.3 ms | undecided |
| Kinesis, 8 shards (EMULATED) | lost ≤ 0             |        0 | met       |

## What was compared

- All: load 1,000 messages/s of 1,024 B for 20 s, after at least 5 s of warm-up; no keys; 1 producer and 1 consumer in one process.
- Kafka acks=1; Kafka acks=all: kafka with acks 1.
- Kinesis, 8 shards: kinesis with acks 1.

## Notes

- Kinesis, 8 shards is EMULATED here: its throughput and latency say nothing of the real service, and decide no verdict.

Generated 2026-11-24T13:00:00.000Z from comparison cmp-0001. Latencies are in milliseconds; – was not measured.
`);
});

describe('under what was measured', () => {
  const lines = (...entries: ReportEntry[]) => conditionLines(report(...entries));
  const host = {
    cpuModel: 'a processor',
    cpuCount: 2,
    memoryBytes: 25e9,
    kernel: 'Linux 6',
    calibration: null,
  };
  const environment = {
    host,
    node: 'v24',
    product: { name: 'Apache Kafka', version: '4.3.1' },
    clients: {
      producer: { name: 'kafkajs', version: '2.2.4', adds: ['fills batches', 'tries again'] },
      consumer: { name: 'flat', version: null, adds: [] },
    },
    terraform: null,
    comparator: '0.3.0',
  };

  test('what several have in common is said once', () => {
    const clients = { ...environment.clients, producer: { name: 'flat', version: null, adds: [] } };
    const other = { ...environment, clients };
    expect(
      lines(entry('A', { environment }), entry('B', { environment: other }), entry('C', { environment })),
    ).toEqual([
      'All: load 1,000 messages/s of 1,024 B for 20 s, after at least 5 s of warm-up; no keys; 1 producer and 1 consumer in one process.',
      'All: on 2 × a processor, 25 GB, Linux 6; load generator and product share it.',
      'All: Apache Kafka 4.3.1 with acks 1.',
      'A; C: produced by kafkajs 2.2.4, which fills batches; it tries again.',
      'B: produced by flat.',
      'All: consumed by flat.',
    ]);
  });

  test('what differs is said of each', () => {
    const rate = (messagesPerSecond: number) => ({
      load: { shape: 'constant', messagesPerSecond },
      keys: { distribution: 'zipf', cardinality: 1_000 },
      payload: { content: 'compressible' },
    });
    const slow = entry('A', { spec: experimentSpec({ workload: rate(0.2) }) });
    const fast = entry('B', { spec: experimentSpec({ workload: rate(20_000) }) });
    expect(lines(slow, fast)).toEqual([
      'A: load 0.2 messages/s of 1,024 B for 20 s, after at least 5 s of warm-up; 1,000 keys (zipf); compressible 4 times; 1 producer and 1 consumer in one process.',
      expect.stringMatching(/^B: load 20,000 messages/),
      'All: kafka with the default settings.',
    ]);
  });

  test('what one variant has changed is told of the others of its technology, whose default it is', () => {
    const { columns } = report(
      entry('all', { spec: experimentSpec({ settings: { acks: 'all', lingerMs: 5 } }) }),
      entry('one', { spec: experimentSpec({ settings: { acks: 1, lingerMs: 5 } }) }),
      entry('other', { spec: experimentSpec({ technology: 'nats', settings: {} }) }, { technology: 'nats' }),
    );
    expect(columns.map(({ settings }) => settings)).toMatchObject([{ acks: 'all' }, { acks: 1 }, {}]);
    expect(columns[0]?.settings).not.toHaveProperty('partitions');
    expect(columns[2]?.settings).not.toHaveProperty('acks');
  });

  test('settings that differ from the defaults are named, those inside of them too', () => {
    const settings = { acks: 1, serverProperties: { 'num.io.threads': 2 }, heapMegabytes: 512 };
    expect(lines(entry('A', { spec: experimentSpec({ settings }) }))).toContain(
      'A: kafka with acks 1, serverProperties { num.io.threads: 2 }.',
    );
    expect(lines({ ...entry('A'), result: null })).toEqual([]);
  });
});

test('what the product used has a row, where it could be seen', () => {
  const product = {
    cpuSeconds: 12.5,
    peakMemoryBytes: 612e6,
    diskReadBytes: 0,
    diskWriteBytes: null,
    messagesPerCpuSecond: 1_600,
  };
  const markdown = reportMarkdown(report(entry('A', { product }), entry('B')));
  expect(markdown).toContain('| Variant | CPU s | messages/CPU s | memory MB | read MB | written MB |');
  expect(markdown).toMatch(/^\| A +\| +12\.5 \| +1,600 \| +612 \| +0 \| +– \|$/m);
  expect(reportMarkdown(report(entry('B')))).not.toContain('CPU s');
});

describe('what an acknowledgement guarantees', () => {
  const promising = (name: string, settings: object) => {
    const spec = experimentSpec({ settings });
    return entry(name, { spec, guarantee: guaranteeOfExperiment(spec) });
  };

  test('has a row for each variant, and is said on top where they differ', () => {
    const built = report(promising('one', { acks: 1 }), promising('three', { durability: 'node-loss' }));
    const markdown = reportMarkdown(built);
    expect(markdown).toMatch(/^# .*\n\n- one and three meet all .*\n- The variants do not promise the same/);
    expect(markdown).toMatch(/^\| one +\| yes +\| MAY BE LOST \| MAY BE LOST \| +1 \| no +\|$/m);
    expect(markdown).toMatch(/^\| three +\| yes +\| MAY BE LOST \| yes +\| +2 \| no +\|$/m);
    expect(markdown).toContain('- one: Acknowledged once the leader has the message');
    expect(built.caveats).toEqual([
      'The variants do not promise the same. What was acknowledged survives the loss of a node with: three. It may be lost with: one.',
    ]);
  });

  test('is nothing with acks 0, and marked so beside its latency', () => {
    const markdown = reportMarkdown(report(promising('fast', { acks: 0 })));
    expect(markdown.match(/^\| fast \(written to the socket\) /gm)).toHaveLength(2);
    expect(markdown.match(/^\| fast +\|/gm)).toHaveLength(5);
  });

  test('that settings only look like it is noted', () => {
    expect(report(promising('all', {})).notes).toEqual([
      'all: acks all with one replica waits for the leader alone, as acks 1 does.',
    ]);
  });
});

test('a partition that gets much more than its share is noted where keys put it there', () => {
  const skewed = (keys: object) =>
    entry('A', {
      spec: experimentSpec({
        settings: { acks: 1 },
        workload: { load: { shape: 'constant', messagesPerSecond: 1_000 }, keys },
      }),
      measurement: measurement({ perPartition: [12_000, 3_000, 3_000, 2_000] }),
    });
  expect(report(skewed({ distribution: 'zipf', cardinality: 100 })).notes).toEqual([
    'A: one of 4 partitions got 60% of the messages, by their keys; another technology puts its hottest key elsewhere.',
  ]);
  expect(report(skewed({ distribution: 'none' })).notes).toEqual([]);
});

test('a rate below one is not shown as none', () => {
  const slow = measurement();
  slow.throughput.consumed = { messagesPerSecond: 0.2, bytesPerSecond: 204.8 };
  expect(reportMarkdown(report(entry('A', { measurement: slow })))).toMatch(
    /^\| A +\| +0\.2 \| 0\.000205 \|/m,
  );
});

test('its tables fit a terminal of 100 columns', () => {
  const tableLines = reportMarkdown(example)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  for (const line of tableLines) expect(line.length).toBeLessThanOrEqual(100);
});

test('what was not measured is a dash', () => {
  const markdown = reportMarkdown(report(entry('A', { measurement: null }), entry('B')));
  expect(markdown).toContain('| A       |          – |    – |      – |      – |        – |      – |');
  expect(markdown).toContain('| A       | lost ≤ 0             |        – | not measured |');
});

test('of a product that took nothing, the first line says what it said', () => {
  const measured = measurement();
  measured.messages = { ...measured.messages, acknowledged: 0, failed: 15, scheduled: 15, sent: 15 };
  const message = 'nothing could be measured: all 15 messages failed: MESSAGE_TOO_LARGE (15)';
  const took = { ...entry('A', { measurement: measured }), failure: { ...failure, message } };
  expect(reportMarkdown(report(took))).toContain(`- A: ${message.replaceAll('_', '\\_')}.`);
});

test('where nothing was measured there are no tables of dashes', () => {
  const markdown = reportMarkdown(report(entry('A', { measurement: null })));
  expect(markdown).not.toContain('|');
});

test('a name cannot break the table or become markup', () => {
  const markdown = reportMarkdown(report(entry('a|b\n<img src=x> `c` [d](e)')));
  expect(markdown).toContain('| a\\|b \\<img src=x\\> \\`c\\` \\[d\\](e) |');
  const entities = reportMarkdown(report(entry('&lt;b&gt; &#124; R&D ~~gone~~')));
  expect(entities).toContain('| \\&lt;b\\&gt; \\&#124; R&D \\~\\~gone\\~\\~ |');
});

test.each([
  ['# fast', '- \\# fast was measured'],
  ['- fast', '- \\- fast was measured'],
  ['1. fast', '- 1\\. fast was measured'],
  ['5.2 brokers', '- 5.2 brokers was measured'],
])('a name makes no heading or list of the answer: %s', (name, line) => {
  const alone = entry(name);
  if (alone.result) alone.result.verdicts = [];
  expect(reportMarkdown(report(alone))).toContain(`\n${line} without requirements.`);
});

test('what is not seen in a name, or turns the text around it, is written out', () => {
  const markdown = reportMarkdown(report(entry('a\u202Eb\u2066c\u200F')));
  expect(markdown).toContain('| a\\\\u202eb\\\\u2066c\\\\u200f |');
  expect(markdown).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
});

test('what is in doubt, throttled, reordered or unexpected is shown where it happened', () => {
  const doubtful = measurement();
  doubtful.messages = { ...doubtful.messages, acknowledged: 19_900, indeterminate: 100, throttled: 7 };
  const markdown = reportMarkdown(report(entry('A', { measurement: doubtful }), entry('B')));
  expect(markdown).toContain(
    '| Variant | scheduled | unsent | acknowledged | failed | in doubt | lost | duplicated | throttled |',
  );
  expect(markdown).toMatch(/^\| A +\| +20,000 \| +0 \| +19,900 \| +0 \| +100 \| +0 \| +0 \| +7 \|$/m);
});

test('how late the generator sent by itself is beside the latencies that hold it', () => {
  const told = report(
    entry('A', { loadGenerator: { ...loadGenerator(), ownLateSendP50Ms: 0.61, ownLateSendP99Ms: 1.2 } }),
    entry('B'),
  );
  expect(reportMarkdown(told)).toMatch(/^\| A +\| +0.61 \| +1.2 \| +0.5 \| +0.1 \| +70% \| no +\|$/m);
  expect(reportMarkdown(report(entry('B')))).not.toContain('Load generator');
});

test('a percentile is shown as far as there are ten messages beyond it', () => {
  const few = measurement();
  few.latency.endToEnd = latency({ count: 2_000 });
  const markdown = reportMarkdown(report(entry('A', { measurement: few })));
  expect(markdown).toMatch(/^\| A +\| .* 1.23 \| +12.3 \| +– \| +123 \|$/m);
});

test('experiments of other loads that are picked by hand are set side by side only with that said first', () => {
  const other = experimentSpec({
    settings: { acks: 1 },
    workload: { load: { shape: 'constant', messagesPerSecond: 7 } },
  });
  const built = report(entry('A'), entry('B', { spec: other }));
  expect(built.caveats).toEqual([expect.stringMatching(/^The loads differ.*A: .*B: 7 messages/)]);
  expect(reportMarkdown({ ...built, comparisonId: null })).toMatch(/^# .*\n\n- The loads differ/);
  expect(report(entry('A'), entry('B')).caveats).toEqual([]);
});

test('in a comparison, whose author chose what differs, the answer stands before that', () => {
  const { recommendation, caveats, ...others } = report(
    entry('A'),
    entry('B', {
      spec: experimentSpec({
        settings: { acks: 1 },
        workload: { load: { shape: 'constant', messagesPerSecond: 7 } },
      }),
    }),
  );
  const { reasons } = recommendation ?? { reasons: [] };
  expect([reasons.length, caveats.length]).toEqual([1, 1]);
  const first = (comparisonId: string | null) =>
    conclusions({ ...others, recommendation, caveats, comparisonId }).slice(0, 2);
  expect(first('of-a-comparison')).toEqual([...reasons, ...caveats]);
  expect(first(null)).toEqual([...caveats, ...reasons]);
});
