import { describe, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { suggestion } from '../../../src/contracts/input/explain-issue.ts';
import { jsonPointer, parseInput } from '../../../src/contracts/input/problem.ts';
import { comparisonDocument, experimentDocument } from '../../support/documents.ts';

/** Pointers and messages of what is wrong with a document. */
function faults(document: unknown): [string, string][] {
  const parsed = parseInput(experimentSchema, document);
  return parsed.ok ? [] : parsed.errors.map(({ pointer, detail }) => [pointer, detail]);
}

const load = { shape: 'constant', messagesPerSecond: 1 };

const steps = {
  shape: 'steps',
  steps: [
    { messagesPerSecond: 10, seconds: 2.2 },
    { messagesPerSecond: 20, seconds: 0.1 },
  ],
};

test('the measured time of steps is their sum', () => {
  const { workload } = experimentSchema.parse({ ...experimentDocument, workload: { load: steps } });
  expect(workload.durationSeconds).toBe(2.3);
  expect(experimentSchema.parse({ ...experimentDocument, workload }).workload).toEqual(workload);
  const comparison = comparisonSchema.parse({ ...comparisonDocument, workload: { load: steps } });
  expect(comparison.workload.durationSeconds).toBe(2.3);
});

test('a search has defaults of its own', () => {
  const given = { ...experimentDocument, workload: { load: { shape: 'capacity-search' } } };
  expect(experimentSchema.parse(given).workload.load).toEqual({
    shape: 'capacity-search',
    startMessagesPerSecond: 1_000,
    maxMessagesPerSecond: 1_000_000,
    probeSeconds: 10,
    resolutionPercent: 5,
  });
});

test('parsing fills in every default', () => {
  const parsed = parseInput(experimentSchema, experimentDocument);
  expect(parsed).toMatchObject({
    ok: true,
    value: {
      target: 'local',
      settings: { partitions: 4, acks: 'all', compression: 'none' },
      workload: { messageSizeBytes: 1024, producers: 1, durationSeconds: 20, keys: { distribution: 'none' } },
      requirements: [],
    },
  });
});

test('what parsing gives, parses to itself', () => {
  for (const [schema, document] of [
    [experimentSchema, experimentDocument],
    [comparisonSchema, comparisonDocument],
  ] as const) {
    const once = schema.parse(document);
    expect(schema.parse(once)).toEqual(once);
  }
});

describe('messages are in the words of a person', () => {
  test.each<[string, object, [string, string][]]>([
    ['a missing field', { name: undefined }, [['/name', 'is required']]],
    [
      'a wrong technology',
      { technology: 'kafak' },
      [['/technology', 'must be one of kafka, kinesis, nats; did you mean kafka?']],
    ],
    [
      'a far-off technology',
      { technology: 'postgres' },
      [['/technology', 'must be one of kafka, kinesis, nats']],
    ],
    ['a target that there is not', { target: 'azure' }, [['/target', 'must be one of local, existing, aws']]],
    [
      'text for a number',
      { settings: { partitions: '4' } },
      [['/settings/partitions', 'must be a number, not text']],
    ],
    [
      'a fraction for a count',
      { settings: { partitions: 1.5 } },
      [['/settings/partitions', 'must be a whole number, not 1.5']],
    ],
    ['a list for an object', { settings: [] }, [['/settings', 'must be an object, not a list']]],
    [
      'a word for a switch',
      { settings: { idempotence: 'yes' } },
      [['/settings/idempotence', 'must be true or false, not text']],
    ],
    [
      'a choice of several kinds',
      { settings: { acks: 'some' } },
      [['/settings/acks', 'must be one of 0, 1, all']],
    ],
    [
      'a misspelt setting',
      { settings: { partition: 1 } },
      [['/settings/partition', 'is not known here; did you mean partitions?']],
    ],
    [
      'a setting of another technology',
      { technology: 'kinesis', settings: { acks: 1 } },
      [
        [
          '/settings/acks',
          'is not known here; known here: durability, mode, shards, retentionHours, consumer, maxRecordKibibytes, warmThroughputMebibytesPerSecond, lingerMs, maxInFlightRequests, enforceQuotas, cluster',
        ],
      ],
    ],
    [
      'a broker property that may not be set',
      { settings: { serverProperties: { 'log.dirs': '/etc' } } },
      [['/settings/serverProperties/log.dirs', expect.stringMatching(/^is not known here; /)]],
    ] as never,
    [
      'a setting that another one forbids',
      { settings: { acks: 1, idempotence: true } },
      [['/settings/idempotence', 'needs acks: all']],
    ],
    [
      'shards of a stream that chooses them itself',
      { technology: 'kinesis', settings: { mode: 'on-demand', shards: 2 } },
      [['/settings/shards', expect.stringMatching(/^is only for the provisioned mode; /)]],
    ] as never,
    [
      'a wrong target beside a wrong setting',
      { target: 'moon', settings: { acks: 3 } },
      [
        ['/target', 'must be one of local, existing, aws'],
        ['/settings/acks', 'must be one of 0, 1, all'],
      ],
    ],
    [
      'more load generators than there is work for',
      { workload: { load, producers: 2, consumers: 3, generators: 4 } },
      [
        [
          '/workload/generators',
          'must be at most 3, the greater of producers and consumers: each load generator runs one or more',
        ],
      ],
    ],
    [
      'a payload that small messages cannot have',
      { workload: { load, messageSizeBytes: 64, payload: { content: 'compressible', compressionRatio: 8 } } },
      [
        [
          '/workload/payload/compressionRatio',
          'must be at most 4 for messages of 64 bytes, since their headers hardly compress',
        ],
      ],
    ],
    [
      'a load of no kind',
      { workload: { load: {} } },
      [['/workload/load/shape', 'is required, one of constant, steps, capacity-search, ladder']],
    ],
    [
      'a load of another kind',
      { workload: { load: { shape: 'constnt' } } },
      [
        [
          '/workload/load/shape',
          'must be one of constant, steps, capacity-search, ladder; did you mean constant?',
        ],
      ],
    ],
    [
      'steps that do not last the measured time',
      { workload: { load: steps, durationSeconds: 20 } },
      [
        [
          '/workload/durationSeconds',
          'is what the steps last together, 2.3 s; leave it out, or change the steps',
        ],
      ],
    ],
    [
      'steps of nothing but pauses',
      { workload: { load: { shape: 'steps', steps: [{ messagesPerSecond: 0, seconds: 5 }] } } },
      [['/workload/load/steps', 'must have a step with a rate above 0']],
    ],
    [
      'steps too short',
      { workload: { load: { shape: 'steps', steps: [{ messagesPerSecond: 1, seconds: 0.5 }] } } },
      [['/workload/load/steps', 'must last 1 to 86400 s together, not 0.5 s']],
    ],
    [
      'a search that would begin above its end',
      {
        workload: {
          load: { shape: 'capacity-search', startMessagesPerSecond: 10, maxMessagesPerSecond: 5 },
        },
      },
      [['/workload/load/maxMessagesPerSecond', 'must be at least startMessagesPerSecond (10)']],
    ],
    [
      'a load too high',
      { workload: { load: { ...load, messagesPerSecond: 1e9 } } },
      [['/workload/load/messagesPerSecond', 'must be at most 10000000']],
    ],
    [
      'a message too small for its header',
      { workload: { load, messageSizeBytes: 8 } },
      [['/workload/messageSizeBytes', 'must be at least 32']],
    ],
    [
      'a requirement without a bound',
      { requirements: [{ metric: 'messages.lost' }] },
      [['/requirements/0', 'needs one of atMost, atLeast']],
    ],
    [
      'a requirement with two bounds',
      { requirements: [{ metric: 'messages.lost', atMost: 1, atLeast: 0 }] },
      [['/requirements/0', 'takes only one of atMost, atLeast']],
    ],
    [
      'an empty requirement',
      { requirements: [{}] },
      [
        ['/requirements/0/metric', 'is required, such as latency.endToEnd.p99Ms'],
        ['/requirements/0', 'needs one of atMost, atLeast'],
      ],
    ],
    [
      'a bound on nothing',
      { requirements: [{ atMost: 1 }] },
      [['/requirements/0/metric', 'is required, such as latency.endToEnd.p99Ms']],
    ],
    ['no requirement at all', { requirements: [null] }, [['/requirements/0', 'must be an object, not null']]],
    ['a name too long', { name: 'x'.repeat(201) }, [['/name', 'must be at most 200 characters']]],
  ])('%s', (_, given, expected) => {
    expect(faults({ ...experimentDocument, ...given })).toEqual(expected);
  });
});

test('a spec with its defaults filled in can be parsed again', () => {
  for (const mode of ['provisioned', 'on-demand']) {
    const once = experimentSchema.parse({ ...experimentDocument, technology: 'kinesis', settings: { mode } });
    expect(once.settings.shards).toBe(mode === 'provisioned' ? 4 : undefined);
    expect(experimentSchema.parse(once)).toEqual(once);
  }
});

test('faults of the document and of the settings come in one round', () => {
  expect(
    faults({
      name: 5,
      technology: 'kafka',
      settings: { partition: 1 },
      workload: { load, producers: 0.5 },
      extra: 1,
    }).map(([pointer]) => pointer),
  ).toEqual(['/name', '/workload/producers', '/extra', '/settings/partition']);
});

test.each([null, 5, 'text', []])('%j is no document', (document) => {
  expect(faults(document)).toEqual([['', expect.stringMatching(/^must be an object, not /)]]);
});

test('nothing is suggested that is not close', () => {
  expect(suggestion('shard', ['shards', 'mode'])).toBe('; did you mean shards?');
  expect(suggestion('PARTITIONS', ['partitions'])).toBe('; did you mean partitions?');
  expect(suggestion('zookeeper', ['shards', 'mode'])).toBe('');
  expect(suggestion(5, ['shards'])).toBe('');
  expect(suggestion('x'.repeat(100_000), ['shards'])).toBe('');
});

test('pointers escape what RFC 6901 asks for', () => {
  expect(jsonPointer(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0');
});

test.each(['a\nb', 'a\u001b[2Jb', 'a\u2028b'])(
  'a name is one line, without control characters: %j',
  (name) => {
    expect(faults({ ...experimentDocument, name })).toEqual([
      ['/name', 'must be one line, without control characters'],
    ]);
  },
);

test('a name may be of any script, and end in a line break', () => {
  expect(experimentSchema.parse({ ...experimentDocument, name: 'Käfer 👩🏽\u200d💻\n' }).name).toBe(
    'Käfer 👩🏽\u200d💻',
  );
});
