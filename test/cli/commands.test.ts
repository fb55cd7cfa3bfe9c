import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { projectRoot } from '../../src/config.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import {
  acceptedRecord,
  comparisonRecord,
  experimentDocument,
  experimentRecord,
  experimentSpec,
  liveStats,
  measurement,
  progress,
  result,
} from '../support/documents.ts';
import { until } from '../support/until.ts';
import { comparator } from './support/comparator.ts';
import { servedApi } from './support/served-api.ts';

let api: Awaited<ReturnType<typeof servedApi>>;
let folder: string;
let specFile: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cmp-test-cli-'));
  specFile = join(folder, 'experiment.json');
  writeFileSync(specFile, JSON.stringify(experimentDocument));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  api = await servedApi();
});
afterEach(() => api.close());

/** Lets the experiment that was started close, as its workflow would. */
async function close(
  id: string,
  given: Parameters<typeof experimentRecord>[0] = {},
  verdicts = result().verdicts,
): Promise<void> {
  await api.store.putJson(s3Keys.result(id, `run-of-${id}`), result({ experimentId: id, verdicts }));
  await api.records.saveExperiment(experimentRecord({ id, ...given }));
  const workflow = api.gateway.workflows.get(id);
  if (workflow) workflow.view = { ...workflow.view, status: 'completed', live: null };
}

describe('run', () => {
  test('shows what happens, prints the report and exits with 0', async () => {
    const running = comparator(['run', specFile], api.url);
    await until('the start', () => api.gateway.starts.length === 1);
    const workflow = api.gateway.workflows.get('exp-0001');
    if (workflow) {
      workflow.progress = progress();
      workflow.view = { ...workflow.view, live: liveStats() };
    }
    await until('more looks at it', () => api.gateway.describes > 2);
    await close('exp-0001');
    const { exitCode, stdout, stderr } = await running;
    expect(stderr).toContain('Started experiment exp-0001. Ctrl-C cancels it.');
    expect(stderr).toContain('kafka, acks all: measuring');
    expect(stderr).toContain('kafka, acks all: completed');
    expect(stdout).toContain('Throughput and end-to-end latency');
    expect(stderr).toContain('Log         comparator log exp-0001');
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('Done; there were no requirements.');
    expect(exitCode).toBe(0);
  });

  test('exits with 3 when a requirement was not met, and prints JSON alone on standard output', async () => {
    const running = comparator(['run', specFile, '--json'], api.url);
    await until('the start', () => api.gateway.starts.length === 1);
    const verdict = {
      metric: 'messages.lost',
      atMost: 0,
      measured: 5,
      verdict: 'not-met' as const,
      reason: '5 is not at most 0',
    };
    await close('exp-0001', {}, [verdict]);
    const { exitCode, stdout } = await running;
    expect(JSON.parse(stdout).columns[0]).toMatchObject({
      meetsRequirements: 'not-met',
      verdicts: [verdict],
    });
    expect(exitCode).toBe(3);
  });

  test('exits with 1 when the experiment failed, and says why', async () => {
    const running = comparator(['run', specFile], api.url);
    await until('the start', () => api.gateway.starts.length === 1);
    const failure = {
      code: 'terraform-failed',
      phase: 'provisioning' as const,
      message: 'no room',
      diagnostics: [],
    };
    await close('exp-0001', { outcome: 'failed', failure });
    const { exitCode, stderr } = await running;
    expect(stderr).toContain('failed while provisioning (terraform-failed): no room');
    expect(exitCode).toBe(1);
    expect((await comparator(['report', 'exp-0001'], api.url)).exitCode).toBe(1);
  });

  test('the cause of a failed terraform is shown, not only what terraform calls it', async () => {
    const running = comparator(['run', specFile], api.url);
    await until('the API has heard of it', () => api.gateway.starts.length === 1);
    const cause = 'ConfigException: Invalid value lots for configuration message.max.bytes';
    const failure = {
      code: 'terraform-failed',
      phase: 'provisioning' as const,
      message: 'terraform apply failed with exit code 1: local-exec provisioner error',
      diagnostics: [
        {
          severity: 'error' as const,
          summary: 'local-exec provisioner error',
          detail: `broker-1 ended. Its log ends with:\n${cause}\n\tat org.apache.kafka.Parser.parse(Parser.java:7)`,
          address: 'module.brokers',
        },
      ],
    };
    await api.records.saveExperiment(
      experimentRecord({ id: 'exp-0001', outcome: 'failed', failure, hasResult: false }),
    );
    const { stderr, stdout } = await running;
    expect(stderr).toContain(cause);
    expect(stderr).toContain('comparator log exp-0001');
    expect(stdout).toContain('failed while provisioning (terraform-failed)');
    expect(stdout).toContain(cause);
    // No tables of dashes.
    expect(stdout).not.toContain('Messages');
    expect((await comparator(['show', 'exp-0001'], api.url)).stdout).toContain(cause);
  });

  test('what a report is of is run again, and what changed is told', async () => {
    await api.store.putJson(s3Keys.result('earlier', 'run-of-earlier'), result({ experimentId: 'earlier' }));
    await api.records.saveExperiment(experimentRecord({ id: 'earlier' }));
    const { stdout: json } = await comparator(['report', 'earlier', '--json'], api.url);
    const kept = join(folder, 'report.json');
    writeFileSync(kept, json);
    const running = comparator(['run', '--from-report', kept, '--fail-on-regression', '10'], api.url);
    await until('the start', () => api.gateway.starts.length === 1);
    await close('exp-0001');
    const { exitCode, stdout, stderr } = await running;
    expect(stdout).toContain('Changes since the earlier report');
    // One run each tells nothing from chance.
    expect(stdout).toContain('too few runs');
    expect(exitCode).toBe(0);
    // Which is said before it is started, and again at the end.
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toBe(
      'WARNING: --fail-on-regression cannot tell that it became slower: of kafka, acks all 1 earlier run would be compared with 1, which tells nothing from chance: an experiment runs once; as a comparison with repetitions, 4 of both would do. Only lost, failed and duplicated messages will be.',
    );
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^WARNING: that it became slower could not have been told: of kafka, acks all/),
      'Regression: none was told. Not told: 3 metrics of kafka, acks all: too few runs: 1 then and 1 now.',
      'Done; there were no requirements.',
    ]);
  });

  test('where nothing may be left open, a gate that cannot fall is refused, and nothing starts', async () => {
    await api.store.putJson(s3Keys.result('earlier', 'run-of-earlier'), result({ experimentId: 'earlier' }));
    await api.records.saveExperiment(experimentRecord({ id: 'earlier' }));
    const { stdout: json } = await comparator(['report', 'earlier', '--json'], api.url);
    const kept = join(folder, 'report.json');
    writeFileSync(kept, json);
    const { exitCode, stderr } = await comparator(
      ['run', '--from-report', kept, '--fail-on-regression', '10', '--fail-on-undecided'],
      api.url,
    );
    expect(stderr).toContain('as a comparison with repetitions, 4 of both would do');
    expect(exitCode).toBe(2);
    expect(api.gateway.starts).toHaveLength(0);
  });

  test('a loss that was not there is a regression of single runs too, said above the conclusion', async () => {
    await api.store.putJson(s3Keys.result('earlier', 'run-of-earlier'), result({ experimentId: 'earlier' }));
    await api.records.saveExperiment(experimentRecord({ id: 'earlier' }));
    const { stdout: json } = await comparator(['report', 'earlier', '--json'], api.url);
    const kept = join(folder, 'report.json');
    writeFileSync(kept, json);
    const running = comparator(
      ['run', '--from-report', kept, '--fail-on-regression', '10', '--json'],
      api.url,
    );
    await until('the start', () => api.gateway.starts.length === 1);
    const measured = measurement();
    measured.messages.lost = 7;
    await api.store.putJson(
      s3Keys.result('exp-0001', 'run-of-exp-0001'),
      result({ experimentId: 'exp-0001', measurement: measured }),
    );
    await api.records.saveExperiment(experimentRecord({ id: 'exp-0001' }));
    const workflow = api.gateway.workflows.get('exp-0001');
    if (workflow) workflow.view = { ...workflow.view, status: 'completed', live: null };
    const { exitCode, stdout, stderr } = await running;
    expect(JSON.parse(stdout)).toMatchObject({
      changeCaveats: [],
      regressions: [{ metric: 'messages.lost', before: 0, after: 7, worsePercent: null }],
    });
    expect(stderr.trimEnd().split('\n').slice(-2)).toEqual([
      expect.stringMatching(/^Regression: kafka, acks all messages.lost 0 then, 7 now \(there was none\)\./),
      'Done; there were no requirements.',
    ]);
    expect(exitCode).toBe(3);
  });

  test.each([
    [[], 'Give either a file'],
    [['experiment.json', '--from-report', 'report.json'], 'Give either a file'],
    [['--from-report', 'nowhere.json'], 'there is no such file'],
    [['experiment.json', '--fail-on-regression', '10'], 'give --from-report too'],
    [['--from-report', 'report.json', '--fail-on-regression', 'much'], 'number of percent'],
  ])('wrong ways to repeat are 2: %j', async (args, message) => {
    const { exitCode, stderr } = await comparator(['run', ...args], api.url);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('an undecided requirement can be told from one that is met', async () => {
    const verdict = {
      metric: 'latency.endToEnd.p99Ms',
      atMost: 10,
      measured: 12,
      verdict: 'undecided' as const,
      reason: 'on an emulator',
    };
    const running = comparator(['run', specFile, '--json'], api.url);
    await until('the API has heard of it', () => api.gateway.starts.length === 1);
    await close('exp-0001', {}, [verdict]);
    const { exitCode, stdout, stderr } = await running;
    expect([exitCode, JSON.parse(stdout).conclusion]).toEqual([0, 'undecided']);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('Requirements: undecided');
    const strict = await comparator(['report', 'exp-0001', '--fail-on-undecided'], api.url);
    expect(strict.exitCode).toBe(3);
  });

  test('--no-wait only starts it', async () => {
    const { exitCode, stdout } = await comparator(['run', specFile, '--no-wait'], api.url);
    expect([exitCode, stdout]).toEqual([0, 'exp-0001']);
  });

  test('Ctrl-C cancels it and stays until it is closed', async () => {
    const running = comparator(['run', specFile], api.url);
    await until('the first look at it', () => api.gateway.describes > 0);
    // npm hands one Ctrl-C on as two.
    running.kill('SIGINT');
    running.kill('SIGINT');
    await until('the cancel', () => api.gateway.signals.length === 1);
    await close('exp-0001', { outcome: 'cancelled' });
    const { exitCode, stdout, stderr } = await running;
    expect(stderr).toContain('Cancelling exp-0001 and waiting until what it made is destroyed.');
    expect(stderr).toContain('kafka, acks all: cancelled');
    // What was measured until then is shown, as when it is cancelled from elsewhere.
    expect(stdout).toContain('Throughput and end-to-end latency');
    expect(exitCode).toBe(130);
  });

  test('a second Ctrl-C leaves at once', async () => {
    const running = comparator(['run', specFile], api.url);
    await until('the first look at it', () => api.gateway.describes > 0);
    running.kill('SIGINT');
    await until('the cancel', () => api.gateway.signals.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect(stderr).toContain('Detached from exp-0001; it goes on.');
    expect(exitCode).toBe(130);
    expect(api.gateway.signals).toHaveLength(1);
  });

  test('an invalid file is refused with its faults, and nothing starts', async () => {
    const file = join(folder, 'invalid.yaml');
    writeFileSync(
      file,
      'name: x\ntechnology: kafka\nsettings: { partition: 1 }\nworkload: { load: { shape: constant, messagesPerSecond: 1 } }\n',
    );
    const { exitCode, stderr } = await comparator(['run', file], api.url);
    expect(stderr).toBe(`${file}:3:13: /settings/partition is not known here; did you mean partitions?`);
    expect(exitCode).toBe(2);
    expect(api.gateway.starts).toEqual([]);
  });
});

describe('without a server', () => {
  const nowhere = 'http://127.0.0.1:9';

  test('commands say how to start one', async () => {
    const { exitCode, stderr } = await comparator(['list'], nowhere);
    expect(stderr).toBe(
      `Nothing answers at ${nowhere}. Start the comparator with: npm start\n(or set COMPARATOR_URL to where it runs)`,
    );
    expect(exitCode).toBe(1);
  });

  test('validate works, and prints the spec with its defaults', async () => {
    const plain = await comparator(['validate', specFile], nowhere);
    expect([plain.exitCode, plain.stdout.split('\n')]).toEqual([
      0,
      [
        `${specFile} is a valid experiment; it takes about 42 s.`,
        expect.stringMatching(
          /^On the disk 83\.5 MB of .* free, of memory 536\.9 MB of .* in the machine\.$/,
        ),
        expect.stringMatching(/^kafka, acks all: Acknowledged once the leader has the message/),
        expect.stringMatching(/^Note: kafka, acks all: acks all with one replica/),
      ],
    ]);
    const json = await comparator(['validate', specFile, '--json'], nowhere);
    expect(JSON.parse(json.stdout)).toMatchObject(experimentSpec());
  });

  test('a reader that has seen enough breaks nothing', async () => {
    const program = join(projectRoot, 'test/cli/support/main.ts');
    const script = 'set -o pipefail; "$0" "$@" | true; echo "exit $?"';
    const { stdout, stderr } = await execa('bash', [
      ...['-c', script, process.execPath, program, 'validate', specFile],
    ]);
    expect([stdout, stderr]).toEqual(['exit 0', '']);
  });

  test('validate warns of a load that the product does not take', async () => {
    const file = join(folder, 'too-much.json');
    const workload = { load: { shape: 'constant', messagesPerSecond: 3_000 } };
    writeFileSync(
      file,
      JSON.stringify({ name: 'a', technology: 'kinesis', settings: { shards: 2 }, workload }),
    );
    const { exitCode, stdout } = await comparator(['validate', file], nowhere);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^a: Acknowledged once three availability zones/m);
    expect(stdout).toMatch(
      /^Note: a: the load of 3,000 messages\/s is beyond the published ceiling of 2,000 /m,
    );
  });

  test('wrong use is 2', async () => {
    expect((await comparator(['run'], nowhere)).exitCode).toBe(2);
    expect((await comparator(['list', '--phase', 'asleep'], nowhere)).exitCode).toBe(2);
    expect((await comparator(['report', 'x', '--format', 'pdf'], nowhere)).exitCode).toBe(2);
  });
});

test('explain tells of fields, settings and metrics, without a server', async () => {
  const nowhere = 'http://127.0.0.1:9';
  expect((await comparator(['explain'], nowhere)).stdout).toMatch(/^ {2}workload .*\n/m);
  expect((await comparator(['explain', 'workload.durationSeconds'], nowhere)).stdout).toMatch(
    / {2}durationSeconds {2}\[20\]\n {6}number, 1 to 86,400\. Measured time, in seconds;/,
  );
  const unknown = await comparator(['explain', 'workload.rate'], nowhere);
  expect([unknown.exitCode, unknown.stderr]).toEqual([
    2,
    'workload has no field "rate"; comparator explain workload lists what it has.',
  ]);
});

describe('past and running experiments', () => {
  beforeEach(async () => {
    await close('exp-0001');
    await api.records.saveComparison(comparisonRecord());
    await api.records.saveExperiment(
      acceptedRecord({ id: 'exp-0002', submittedAt: '2026-11-24T12:10:00.000Z' }),
    );
    api.gateway.add('exp-0002', { live: liveStats(), phase: 'measuring' }).progress = progress();
  });

  test('list shows them, newest first, and filters', async () => {
    const all = await comparator(['list'], api.url);
    expect(all.stdout).toMatch(/Id.*Name.*Technology.*Target.*State.*Submitted/);
    expect(
      all.stdout
        .split('\n')
        .filter((line) => line.includes('exp-'))
        .map((line) => /exp-\d+/.exec(line)?.[0]),
    ).toEqual(['exp-0002', 'exp-0001']);
    const json = await comparator(['list', '--phase', 'measuring', '--json'], api.url);
    expect(JSON.parse(json.stdout).items).toMatchObject([{ id: 'exp-0002', phase: 'measuring' }]);
    const comparisons = await comparator(['list', '--comparisons'], api.url);
    expect(comparisons.stdout).toContain('cmp-0001');
  });

  test('show tells of an experiment or a comparison by id', async () => {
    const running = await comparator(['show', 'exp-0002'], api.url);
    expect(running.stdout).toContain(
      'measuring  produced 1,000/s  consumed 990/s  p99 12.3 ms  [█████░░░░░░░░░░░░░░░] 15 s left',
    );
    const json = await comparator(['show', 'cmp-0001', '--json'], api.url);
    expect(JSON.parse(json.stdout)).toMatchObject({ id: 'cmp-0001', outcome: 'completed' });
    const unknown = await comparator(['show', 'exp-9999'], api.url);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      'There is no experiment or comparison "exp-9999"; comparator list shows what there is.',
    ]);
  });

  test('show of a closed one has its verdicts and numbers, and says where more is', async () => {
    const { stdout } = await comparator(['show', 'exp-0001'], api.url);
    expect(stdout).toContain('kafka, acks all was measured without requirements.');
    expect(stdout).toMatch(/consumed [\d,]+\/s; end to end p50 \S+ ms, p99 \S+ ms; acknowledged /);
    expect(stdout).toContain('More: comparator log exp-0001, comparator report exp-0001');
  });

  test('log prints phases, also as JSON, and says of a comparison whose logs there are', async () => {
    const { exitCode, stdout } = await comparator(['log', 'exp-0001'], api.url);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('measuring')]);
    const json = await comparator(['log', 'exp-0001', '--json'], api.url);
    expect(JSON.parse(json.stdout)).toEqual({ id: 'exp-0001', lines: stdout.split('\n') });
    const followed = await comparator(['log', 'exp-0001', '--follow'], api.url);
    expect(followed.stdout).toBe(stdout);
    const comparison = await comparator(['log', 'cmp-0001'], api.url);
    expect([comparison.exitCode, comparison.stderr]).toEqual([
      2,
      expect.stringContaining('cmp-0001 is a comparison; each of its experiments has a log: '),
    ]);
  });

  test('JSON is asked for in one way', async () => {
    expect(JSON.parse((await comparator(['cancel', 'exp-0002', '--json'], api.url)).stdout)).toEqual({
      id: 'exp-0002',
    });
    const reports = await Promise.all(
      [['--json'], ['--format', 'json']].map(async (options) =>
        JSON.parse((await comparator(['report', 'exp-0001', ...options], api.url)).stdout),
      ),
    );
    expect(reports[0]).toEqual({ ...reports[1], generatedAt: expect.any(String) });
  });

  test('cancel signals a running one and refuses a closed one', async () => {
    expect((await comparator(['cancel', 'exp-0002'], api.url)).exitCode).toBe(0);
    expect(api.gateway.signals).toEqual([{ id: 'exp-0002', reason: null }]);
    const closed = await comparator(['cancel', 'exp-0001'], api.url);
    expect([closed.exitCode, closed.stderr]).toEqual([
      1,
      'Experiment exp-0001 is closed; there is nothing to cancel.',
    ]);
  });

  test('retry-destroy hands the confirmed lock on', async () => {
    const workflow = api.gateway.workflows.get('exp-0002');
    if (workflow) workflow.waitsForRetry = true;
    expect((await comparator(['retry-destroy', 'exp-0002', '--break-lock', 'a1b2'], api.url)).exitCode).toBe(
      0,
    );
    expect(api.gateway.retries).toEqual([{ id: 'exp-0002', breakLock: 'a1b2' }]);
  });

  test('extend keeps it for longer, and says until when', async () => {
    const workflow = api.gateway.workflows.get('exp-0002');
    if (workflow) workflow.keptUntilMs = Date.parse('2026-11-24T13:00:00.000Z');
    const told = await comparator(['extend', 'exp-0002', '30'], api.url);
    expect([told.exitCode, told.stdout]).toEqual([
      0,
      'Keeping exp-0002 until 2026-11-24T13:30:00.000Z; npx comparator cancel exp-0002 destroys it now.',
    ]);
    const json = await comparator(['extend', 'exp-0002', '30', '--json'], api.url);
    expect(JSON.parse(json.stdout)).toEqual({ id: 'exp-0002', keptUntil: '2026-11-24T14:00:00.000Z' });
    if (workflow) workflow.keptUntilMs = null;
    const refused = await comparator(['extend', 'exp-0002', '30'], api.url);
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      'exp-0002 is not kept for longer: nothing is kept: the experiment is measuring.',
    ]);
    for (const minutes of ['0', 'half', '1441', '']) {
      const wrong = await comparator(['extend', 'exp-0002', minutes], api.url);
      expect([wrong.exitCode, wrong.stderr]).toEqual([
        2,
        expect.stringContaining('must be a whole number from 1 to 1440'),
      ]);
    }
  });

  test('report prints a table, Markdown or JSON', async () => {
    const table = await comparator(['report', 'exp-0001'], api.url);
    expect(table.stdout).toMatch(/│ kafka, acks all │ +1,000 │/);
    const markdown = await comparator(['report', 'exp-0001', '--format', 'markdown'], api.url);
    expect(markdown.stdout).toMatch(/^# kafka, acks all\n/);
    const json = await comparator(['report', 'exp-0001', '--format', 'json'], api.url);
    expect(JSON.parse(json.stdout).columns).toHaveLength(1);
  });

  test('technologies lists settings with their defaults', async () => {
    const { stdout } = await comparator(['technologies', 'kinesis'], api.url);
    expect(stdout).toContain('kinesis: Amazon Kinesis');
    expect(stdout).toContain('on local: EMULATED.');
    expect(stdout).toMatch(
      / {2}shards {2}\[4\]\n {6}whole number, 1 to 500\. Shards of the stream; only in provisioned mode/,
    );
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .slice(4)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
    expect((await comparator(['technologies', 'pulsar'], api.url)).exitCode).toBe(2);
  });
});

test('the key of the settings is sent', async () => {
  const keyed = await servedApi({ apiKeys: ['secret'] });
  try {
    expect((await comparator(['list'], keyed.url)).stderr).toBe(
      'An API key is needed: send it as "Authorization: Bearer <key>".',
    );
    const answered = await comparator(['list'], keyed.url, { COMPARATOR_API_KEYS: 'secret,other' });
    expect([answered.exitCode, answered.stdout]).toEqual([0, 'There are none.']);
  } finally {
    await keyed.close();
  }
});
