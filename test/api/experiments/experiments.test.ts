import { beforeEach, describe, expect, test } from '@jest/globals';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import {
  acceptedRecord,
  experimentDocument,
  experimentRecord,
  experimentSpec,
  latency,
  liveStats,
  measurement,
  progress,
  result,
} from '../../support/documents.ts';
import { histogram } from '../../support/load-parts.ts';
import { type TestApi, testApi } from '../support/test-api.ts';

let api: TestApi;
beforeEach(() => {
  api = testApi();
});

describe('POST /api/experiments', () => {
  test('starts the workflow with the spec filled in and says where to look', async () => {
    const response = await api.post('/api/experiments', experimentDocument);
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe('/api/experiments/exp-0001');
    expect(await response.json()).toEqual({
      id: 'exp-0001',
      links: {
        self: '/api/experiments/exp-0001',
        result: null,
        timeseries: null,
        log: null,
        events: '/api/experiments/exp-0001/events',
        temporal: 'http://127.0.0.1:8233/namespaces/default/workflows/exp-0001',
        comparison: null,
      },
    });
    expect(api.gateway.starts).toEqual([
      {
        kind: 'experiment',
        id: 'exp-0001',
        name: 'kafka, acks all',
        attributes: { technology: 'kafka', target: 'local' },
        input: { spec: experimentSpec(), comparisonId: null },
      },
    ]);
  });

  test('names every field at fault in one answer, and starts nothing', async () => {
    const response = await api.post('/api/experiments', {
      name: '',
      technology: 'kafka',
      settings: { partition: 3, acks: 2 },
      workload: { messageSizeBytes: 1.5, load: { shape: 'constant', messagesPerSecond: -1 } },
      requirements: [{ metric: 'latency.endToEnd.p99', atMost: 5 }, { metric: 'messages.lost' }],
      partitions: 4,
    });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Invalid input',
      status: 422,
      detail: 'The body is not valid: 8 fields must be corrected, see errors.',
      errors: [
        { pointer: '/name', detail: 'must be at least 1 character' },
        { pointer: '/workload/messageSizeBytes', detail: 'must be a whole number, not 1.5' },
        { pointer: '/workload/load/messagesPerSecond', detail: 'must be more than 0' },
        {
          pointer: '/requirements/0/metric',
          detail:
            'must be a metric, such as latency.endToEnd.p99Ms or messages.lost; did you mean latency.endToEnd.p99Ms?',
        },
        { pointer: '/requirements/1', detail: 'needs one of atMost, atLeast' },
        {
          pointer: '/partitions',
          detail:
            'is not known here; known here: name, technology, target, settings, region, budget, keepMinutes, workload, requirements',
        },
        { pointer: '/settings/acks', detail: 'must be one of 0, 1, all' },
        { pointer: '/settings/partition', detail: 'is not known here; did you mean partitions?' },
      ],
    });
    expect(api.gateway.starts).toEqual([]);
  });

  test('says where malformed JSON goes wrong', async () => {
    const response = await api.post('/api/experiments', '{"name": "x",\n "technology" "kafka"}');
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-post')).toBe('application/json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Unsupported media type',
      status: 415,
      detail: "The body is not JSON: Expected ':' after property name at line 2, column 15.",
    });
  });

  test.each([
    ['', 415],
    ['nonsense', 415],
    ['[]', 422],
    ['null', 422],
    ['"text"', 422],
  ])('refuses the body %j with %d', async (body, status) => {
    const response = await api.post('/api/experiments', body);
    expect(response.status).toBe(status);
  });

  test('refuses a key that is there twice, where YAML would too', async () => {
    const response = await api.post(
      '/api/experiments',
      '{"name": "x",\n "technology": "kafka", "name": "y"}',
    );
    expect(response.status).toBe(422);
    expect((await response.json()).errors).toEqual([
      { pointer: '/name', detail: 'is given twice, again at line 2, column 25; keep one of the two' },
    ]);
  });

  test('refuses bytes that are no text in UTF-8, instead of putting replacement characters into the name', async () => {
    const document = Buffer.from(JSON.stringify({ ...experimentDocument, name: 'caf\u00e9' }), 'latin1');
    const response = await api.app.request('/api/experiments', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: document,
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      title: 'Unsupported media type',
      detail: 'The body is not text in UTF-8; send it in that encoding.',
    });
    expect(api.gateway.starts).toEqual([]);
  });

  test('takes a byte order mark, as some editors write it', async () => {
    const response = await api.post('/api/experiments', `\ufeff${JSON.stringify(experimentDocument)}`);
    expect(response.status).toBe(202);
  });

  test('takes JSON only, also with a character set', async () => {
    const asText = await api.post('/api/experiments', experimentDocument, { 'Content-Type': 'text/plain' });
    expect(asText.status).toBe(415);
    expect((await asText.json()).detail).toBe(
      'The body must be JSON, sent with Content-Type: application/json, not text/plain.',
    );
    const withCharset = { 'Content-Type': 'application/json; charset=utf-8' };
    expect((await api.post('/api/experiments', experimentDocument, withCharset)).status).toBe(202);
  });

  test('takes 64 KiB and not a byte more, whether or not the size is announced', async () => {
    const fill = (bytes: number) => {
      const start = JSON.stringify(experimentDocument);
      return start + ' '.repeat(bytes - start.length);
    };
    expect((await api.post('/api/experiments', fill(65_536))).status).toBe(202);
    const tooLarge = await api.post('/api/experiments', fill(65_537));
    expect(tooLarge.status).toBe(413);
    expect(await tooLarge.json()).toMatchObject({
      detail: 'The body is larger than 64 KiB; make it smaller.',
    });
    const announced = { 'Content-Length': '65537' };
    expect((await api.post('/api/experiments', fill(65_537), announced)).status).toBe(413);
  });

  test('a dry run fills in the defaults, guesses the time, and starts nothing', async () => {
    const response = await api.post('/api/experiments?dryRun=true', experimentDocument);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      spec: experimentSpec(),
      expected: {
        seconds: 42,
        costUsd: null,
        costReason: 'On the local target nothing is rented, so there is no price.',
        warnings: [expect.stringContaining('acks all with one replica')],
        // Up to 60 s of warm-up, and 20 s measured, six messages to a batch.
        diskBytes: Math.ceil(80_000 * (1_033 + 61 / 6)),
        mostDiskBytes: Math.ceil(80_000 * (1_033 + 61 / 6)),
        freeDiskBytes: null,
        memoryBytes: 512 * 1_024 ** 2 + 30_000,
        machineMemoryBytes: null,
      },
      guarantee: expect.objectContaining({ processCrash: 'survives', powerLoss: 'may-lose', copies: 1 }),
      cost: null,
    });
    expect(api.gateway.starts).toEqual([]);
    expect(api.store.objects.size).toBe(0);
  });

  test('what cannot fit on the machine is told by a dry run, and refused before anything starts', async () => {
    const small = testApi({ room: { diskBytes: 50e9, memoryBytes: 25e9 } });
    const workload = { load: { shape: 'constant', messagesPerSecond: 200_000 }, durationSeconds: 3_600 };
    const hour = { ...experimentDocument, workload };
    const fault = expect.stringMatching(/take 759.1 GB on the disk, of which 50 GB are free/);
    const dry = await (await small.post('/api/experiments?dryRun=true', hour)).json();
    expect(dry).toMatchObject({ expected: { warnings: expect.arrayContaining([fault]) } });
    const refused = await small.post('/api/experiments', hour);
    expect(refused.status).toBe(422);
    expect((await refused.json()).errors).toEqual([{ pointer: '/workload', detail: fault }]);
    const heaps = {
      name: 'heaps',
      workload: experimentDocument.workload,
      variants: [
        { name: 'one', technology: 'kafka' },
        { name: 'three', technology: 'kafka', settings: { brokers: 3, heapMegabytes: 16_384 } },
      ],
    };
    const both = await small.post('/api/comparisons', heaps);
    expect(both.status).toBe(422);
    expect((await both.json()).errors).toEqual([
      { pointer: '/variants/1', detail: expect.stringMatching(/51.5 GB of memory.*the machine has 25 GB/) },
    ]);
    expect(small.gateway.starts).toEqual([]);
    expect((await small.post('/api/experiments', experimentDocument)).status).toBe(202);
  });

  test('what was started is found again by its key, whatever room is left', async () => {
    const room = { diskBytes: 1e15, memoryBytes: 1e12 };
    const filling = testApi({ room });
    const workload = { load: { shape: 'constant', messagesPerSecond: 200_000 }, durationSeconds: 3_600 };
    const post = () =>
      filling.post('/api/experiments', { ...experimentDocument, workload }, { 'Idempotency-Key': 'one' });
    const first = await (await post()).json();
    room.diskBytes = 0;
    const again = await post();
    expect([again.status, (await again.json()).id]).toEqual([202, first.id]);
  });

  test.each([
    ['dryRun=true&dryRun=false', 'is given twice; give it once'],
    ['dryRun=true&dryRun=true&dryRun=true', 'is given 3 times; give it once'],
    ['dryRun=', 'is empty; leave it out, or give it a value: it must be one of true, false'],
    ['dryRun=maybe', 'must be one of true, false'],
  ])('refuses ?%s, and starts nothing', async (query, detail) => {
    const response = await api.post(`/api/experiments?${query}`, experimentDocument);
    expect(response.status).toBe(422);
    expect((await response.json()).errors).toEqual([{ pointer: '/dryRun', detail }]);
    expect(api.gateway.starts).toEqual([]);
  });

  test('answers 503 while Temporal is away', async () => {
    api.gateway.away = true;
    const response = await api.post('/api/experiments', experimentDocument);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect((await response.json()).detail).toBe('Temporal does not answer; try again in a few seconds.');
  });
});

describe('GET /api/experiments/{id}', () => {
  test('answers from the record once it is closed', async () => {
    await api.records.saveExperiment(experimentRecord());
    const response = await api.get('/api/experiments/exp-0001');
    expect(response.status).toBe(200);
    const { hasResult, ...record } = experimentRecord();
    expect(hasResult).toBe(true);
    expect(await response.json()).toEqual({
      ...record,
      submittedBy: null,
      progress: null,
      terraform: null,
      waiting: null,
      waits: [],
      links: {
        self: '/api/experiments/exp-0001',
        result: '/api/experiments/exp-0001/result',
        timeseries: null,
        log: '/api/experiments/exp-0001/log',
        events: '/api/experiments/exp-0001/events',
        temporal: 'http://127.0.0.1:8233/namespaces/default/workflows/exp-0001',
        comparison: null,
      },
    });
  });

  test('shows what the workflow itself says while it runs, with the live rates', async () => {
    await api.records.saveExperiment(acceptedRecord());
    api.gateway.add('exp-0001', { live: liveStats(), phase: 'provisioning' }).progress = progress();
    const detail = await (await api.get('/api/experiments/exp-0001')).json();
    expect(detail).toMatchObject({ ...progress(), name: 'kafka, acks all', progress: liveStats() });
  });

  test('shows what terraform is about, resource by resource', async () => {
    await api.records.saveExperiment(acceptedRecord());
    const broker = { address: 'broker', state: 'working' as const, startedAt: null, endedAt: null };
    const terraform = { command: 'apply', resources: [broker] };
    api.gateway.add('exp-0001', { terraform, phase: 'provisioning' });
    expect(await (await api.get('/api/experiments/exp-0001')).json()).toMatchObject({ terraform });
  });

  test('falls back to search attribute and record when no worker answers', async () => {
    await api.records.saveExperiment(acceptedRecord());
    api.gateway.add('exp-0001', { phase: 'provisioning' });
    const detail = await (await api.get('/api/experiments/exp-0001')).json();
    expect(detail).toMatchObject({ phase: 'provisioning', outcome: null, name: 'kafka, acks all' });
  });

  test('falls back to the record alone when Temporal is away', async () => {
    await api.records.saveExperiment(acceptedRecord());
    api.gateway.away = true;
    const response = await api.get('/api/experiments/exp-0001');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ phase: 'queued', outcome: null });
  });

  test('reads the spec from the input of a workflow that has no record yet', async () => {
    await api.post('/api/experiments', experimentDocument);
    const detail = await (await api.get('/api/experiments/exp-0001')).json();
    expect(detail).toMatchObject({
      phase: 'queued',
      spec: experimentSpec(),
      submittedAt: '2026-11-24T12:00:00.000Z',
    });
  });

  test('shows one that was started by hand with an input that is no experiment', async () => {
    api.gateway.add('by-hand', { technology: null, target: null, phase: null }).input = ['nonsense'];
    const response = await api.get('/api/experiments/by-hand');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      name: 'by-hand',
      technology: 'unknown',
      spec: null,
      phase: 'queued',
    });
  });

  test('says so when the workflow was terminated', async () => {
    await api.records.saveExperiment(acceptedRecord());
    const closedAt = new Date('2026-11-24T12:00:30.000Z');
    api.gateway.add('exp-0001', { status: 'terminated', closedAt }).progress = progress();
    const detail = await (await api.get('/api/experiments/exp-0001')).json();
    expect(detail).toMatchObject({
      phase: 'closed',
      outcome: 'failed',
      endedAt: '2026-11-24T12:00:30.000Z',
      failure: { code: 'workflow-terminated', phase: 'measuring' },
    });
  });

  test('says so when Temporal has lost the workflow of an open record', async () => {
    await api.records.saveExperiment(acceptedRecord());
    const detail = await (await api.get('/api/experiments/exp-0001')).json();
    expect(detail).toMatchObject({ phase: 'closed', outcome: 'failed', failure: { code: 'workflow-lost' } });
  });

  test('a run after a reset shows its own state, not the record of the run before', async () => {
    await api.records.saveExperiment(experimentRecord());
    api.gateway.add('exp-0001', { runId: 'second-run' }).progress = progress({ phase: 'provisioning' });
    const detail = await (await api.get('/api/experiments/exp-0001')).json();
    expect(detail).toMatchObject({ phase: 'provisioning', outcome: null, runId: 'second-run' });
    expect(detail.links.result).toBeNull();
  });

  test.each(['exp-9999', 'NOT-AN-ID', '..%2F..%2Fetc', 'x'.repeat(200)])('does not know %s', async (id) => {
    const response = await api.get(`/api/experiments/${id}`);
    expect(response.status).toBe(404);
    expect((await response.json()).detail).toMatch(/^There is no experiment "/);
  });

  test('a comparison is no experiment', async () => {
    api.gateway.add('cmp-0001', { type: 'comparison' });
    expect((await api.get('/api/experiments/cmp-0001')).status).toBe(404);
  });
});

describe('documents of an experiment', () => {
  test('result, series and log are 404 until there is one', async () => {
    await api.records.saveExperiment(acceptedRecord());
    api.gateway.add('exp-0001').progress = progress({ phase: 'queued', timeline: acceptedRecord().timeline });
    for (const [name, what] of [
      ['result', 'result'],
      ['timeseries', 'series'],
      ['log', 'log'],
    ]) {
      const response = await api.get(`/api/experiments/exp-0001/${name}`);
      expect(response.status).toBe(404);
      expect((await response.json()).detail).toBe(`Experiment exp-0001 has no ${what} yet.`);
    }
  });

  test('the result can be had, and is linked, before the destroy has ended', async () => {
    await api.records.saveExperiment(acceptedRecord());
    api.gateway.add('exp-0001').progress = progress({ phase: 'destroying' });
    await api.store.putJson(s3Keys.result('exp-0001', 'run-of-exp-0001'), result());
    expect(await (await api.get('/api/experiments/exp-0001/result')).json()).toEqual(result());
    const detail = await (await api.get('/api/experiments/exp-0001')).json();
    expect(detail.links.result).toBe('/api/experiments/exp-0001/result');
  });

  test('the series comes as it lies in storage', async () => {
    await api.records.saveExperiment(experimentRecord());
    await api.store.put(s3Keys.timeseries('exp-0001', 'run-of-exp-0001'), '{"second":1}\n{"second":2}\n');
    const response = await api.get('/api/experiments/exp-0001/timeseries');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await response.text()).toBe('{"second":1}\n{"second":2}\n');
  });

  test('the log says why messages were not acknowledged', async () => {
    await api.records.saveExperiment(experimentRecord());
    const refusals = [{ reason: 'INVALID_RECORD', outcome: 'failed' as const, messages: 1_200 }];
    await api.store.put(s3Keys.result('exp-0001', 'run-of-exp-0001'), JSON.stringify(result({ refusals })));
    const text = await (await api.get('/api/experiments/exp-0001/log')).text();
    expect(text).toContain('Messages that were not acknowledged: INVALID_RECORD (1,200)');
  });

  test('a latency comes as a percentile distribution, and the intervals as they lie in storage', async () => {
    const measured = measurement({
      latency: {
        publish: latency(),
        publishScheduled: latency(),
        endToEnd: latency({ histogram: histogram(2_000) }),
      },
    });
    await api.records.saveExperiment(
      experimentRecord({ name: 'mine\u202e', technology: 'kinesis', emulated: true }),
    );
    await api.store.putJson(
      s3Keys.result('exp-0001', 'run-of-exp-0001'),
      result({ measurement: measured, partial: true }),
    );
    const get = (file: string) => api.get(`/api/experiments/exp-0001/histograms/${file}`);
    const endToEnd = await get('endToEnd.hgrm');
    expect([endToEnd.status, endToEnd.headers.get('content-type')]).toEqual([
      200,
      'text/plain; charset=UTF-8',
    ]);
    const [head, ...distribution] = (await endToEnd.text()).split('\n');
    expect(head).toBe('# mine\\u202e (EMULATED) (partial): endToEnd, ms');
    expect(distribution.join('\n')).toMatch(/^ +Value +Percentile TotalCount[\s\S]* 2\.000 1\.0000/);
    for (const [file, why] of [
      ['intervals.ndjson', 'none were kept, or not yet'],
      ['endtoend.hgrm', 'there are publish.hgrm, publishScheduled.hgrm, endToEnd.hgrm, intervals.ndjson'],
    ] as const) {
      const response = await get(file);
      expect(response.status).toBe(404);
      expect((await response.json()).detail).toBe(`Experiment exp-0001 has no ${file}: ${why}.`);
    }
    await api.store.put(s3Keys.intervals('exp-0001', 'run-of-exp-0001'), '{"untilSecond":5}\n');
    const intervals = await get('intervals.ndjson');
    expect(intervals.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await intervals.text()).toBe('{"untilSecond":5}\n');
  });

  test('the log sets phases and terraform side by side', async () => {
    await api.records.saveExperiment(experimentRecord());
    const line = {
      '@level': 'info',
      '@message': 'aws_kinesis_stream.this: Creating...',
      '@timestamp': '2026-11-24T12:00:03.000000Z',
    };
    const step = (number: number, command: string) =>
      JSON.stringify({ type: 'comparator_step', step: number, command });
    await api.store.put(
      `${s3Keys.journals('exp-0001', 'run-of-exp-0001')}20261124T120002000Z-apply.ndjson`,
      `${step(0, 'init')}\nfrom the cache\n${step(1, 'apply')}\n${JSON.stringify(line)}\nplain text\n`,
    );
    const response = await api.get('/api/experiments/exp-0001/log');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=UTF-8');
    expect(await response.text()).toBe(
      [
        '2026-11-24T12:00:00.000Z  phase         queued',
        '2026-11-24T12:00:01.000Z  phase         provisioning',
        '2026-11-24T12:00:02.000Z  apply         terraform init',
        '2026-11-24T12:00:02.000Z  apply         from the cache',
        '2026-11-24T12:00:02.000Z  apply         terraform apply',
        '2026-11-24T12:00:03.000Z  apply         aws_kinesis_stream.this: Creating...',
        '2026-11-24T12:00:03.000Z  apply         plain text',
        '2026-11-24T12:00:08.000Z  phase         measuring',
        '',
      ].join('\n'),
    );
  });
});

describe('POST /api/experiments/{id}/cancel', () => {
  test('signals again and again, with a reason if there is one', async () => {
    await api.post('/api/experiments', experimentDocument);
    expect((await api.post('/api/experiments/exp-0001/cancel')).status).toBe(202);
    expect((await api.post('/api/experiments/exp-0001/cancel', {})).status).toBe(202);
    expect((await api.post('/api/experiments/exp-0001/cancel', { reason: 'too slow' })).status).toBe(202);
    expect(api.gateway.signals.map(({ reason }) => reason)).toEqual([null, null, 'too slow']);
  });

  test('is a conflict once closed, and not found where there is none', async () => {
    await api.records.saveExperiment(experimentRecord());
    const closed = await api.post('/api/experiments/exp-0001/cancel');
    expect(closed.status).toBe(409);
    expect((await closed.json()).detail).toBe('Experiment exp-0001 is closed; there is nothing to cancel.');
    expect((await api.post('/api/experiments/exp-9999/cancel')).status).toBe(404);
    expect((await api.post('/api/experiments/exp-0001/cancel', { why: 'x' })).status).toBe(422);
  });
});

describe('POST /api/experiments/{id}/extend', () => {
  const from = '2026-11-24T13:00:00.000Z';

  test('keeps it for longer, and says until when', async () => {
    api.gateway.add('exp-0001').keptUntilMs = Date.parse(from);
    const answer = await api.post('/api/experiments/exp-0001/extend', { minutes: 30 });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ id: 'exp-0001', keptUntil: '2026-11-24T13:30:00.000Z' });
  });

  test.each([
    [{}, '/minutes', 'is required'],
    [{ minutes: 0 }, '/minutes', 'must be at least 1'],
    [{ minutes: 1.5 }, '/minutes', 'must be a whole number, not 1.5'],
    [{ minutes: 1_441 }, '/minutes', 'must be at most 1440'],
    [{ minutes: 1, hours: 1 }, '/hours', 'is not known here'],
  ])('refuses %j', async (body, pointer, detail) => {
    api.gateway.add('exp-0001').keptUntilMs = Date.parse(from);
    const answer = await api.post('/api/experiments/exp-0001/extend', body);
    expect(answer.status).toBe(422);
    expect((await answer.json()).errors).toEqual([{ pointer, detail: expect.stringContaining(detail) }]);
  });

  test('is a conflict where nothing is kept, and not found where there is none', async () => {
    api.gateway.add('exp-0001');
    const running = await api.post('/api/experiments/exp-0001/extend', { minutes: 1 });
    expect(running.status).toBe(409);
    expect((await running.json()).detail).toBe(
      'exp-0001 is not kept for longer: nothing is kept: the experiment is measuring.',
    );
    await api.records.saveExperiment(experimentRecord({ id: 'exp-0002' }));
    const closed = await api.post('/api/experiments/exp-0002/extend', { minutes: 1 });
    expect([closed.status, (await closed.json()).detail]).toEqual([
      409,
      'exp-0002 is not kept for longer: it is closed.',
    ]);
    expect((await api.post('/api/experiments/exp-9999/extend', { minutes: 1 })).status).toBe(404);
  });

  test('the queue says until when the holder of its slot is kept', async () => {
    const kept = api.gateway.add('exp-0001', { phase: 'kept' });
    kept.progress = progress({ phase: 'kept', keptUntil: from });
    const running = [{ experimentId: 'exp-0001', since: from }];
    api.gateway.queueAnswer = { target: 'local', capacity: 1, running, waiting: [] };
    expect(await (await api.get('/api/queue')).json()).toMatchObject({
      targets: [{ target: 'local', running: [{ ...running[0], keptUntil: from }] }],
    });
  });

  test('what it came to can be read, result and report, while it is kept', async () => {
    const record = acceptedRecord({ id: 'exp-0001', runId: 'run-of-exp-0001' });
    await api.records.saveExperiment(record);
    const kept = api.gateway.add('exp-0001', { phase: 'kept' });
    const resultKey = s3Keys.result('exp-0001', 'run-of-exp-0001');
    kept.progress = progress({
      phase: 'kept',
      timeline: [{ phase: 'kept', startedAt: from, endedAt: null }],
      keptUntil: from,
      resultKey,
    });
    await api.store.putJson(resultKey, result({ experimentId: 'exp-0001', runId: 'run-of-exp-0001' }));
    const detail = await (await api.get('/api/experiments/exp-0001')).json();
    expect(detail).toMatchObject({ phase: 'kept', keptUntil: from, outcome: null });
    expect((await api.get(detail.links?.result ?? '')).status).toBe(200);
    const report = await api.get('/api/report?experiment=exp-0001');
    expect((await report.json()).columns).toMatchObject([{ outcome: 'completed' }]);
  });
});

describe('POST /api/experiments/{id}/retry-destroy', () => {
  test('hands a confirmed lock on', async () => {
    api.gateway.add('exp-0001').waitsForRetry = true;
    expect((await api.post('/api/experiments/exp-0001/retry-destroy')).status).toBe(202);
    expect((await api.post('/api/experiments/exp-0001/retry-destroy', { breakLock: 'a1b2' })).status).toBe(
      202,
    );
    expect(api.gateway.retries.map(({ breakLock }) => breakLock)).toEqual([null, 'a1b2']);
  });

  test('is a conflict when nothing waits for it', async () => {
    api.gateway.add('exp-0001');
    const running = await api.post('/api/experiments/exp-0001/retry-destroy');
    expect(running.status).toBe(409);
    expect((await running.json()).detail).toBe(
      'The destroy of exp-0001 is not tried again: nothing waits for a retry: the experiment is measuring.',
    );
    await api.records.saveExperiment(experimentRecord({ id: 'exp-0002' }));
    expect((await api.post('/api/experiments/exp-0002/retry-destroy')).status).toBe(409);
    expect((await api.post('/api/experiments/exp-9999/retry-destroy')).status).toBe(404);
  });
});

test('what one waits for a person for is told by its record where no worker answers', async () => {
  const running = api.gateway.add('exp-1', { phase: 'measuring' });
  await api.records.saveExperiment(acceptedRecord({ id: 'exp-1', runId: 'run-of-exp-1' }));
  const shown = async () => await (await api.get('/api/experiments/exp-1')).json();
  expect(await shown()).toMatchObject({ phase: 'measuring', operator: null });
  const operator = { reason: 'access denied', actions: ['Allow it.'], attempts: 3, nextRetryAt: null };
  const record = acceptedRecord({ id: 'exp-1', runId: 'run-of-exp-1', phase: 'needs-operator', operator });
  await api.records.saveExperiment(record);
  running.view.phase = 'needs-operator';
  expect(await shown()).toMatchObject({ phase: 'needs-operator', operator });
});

describe('whose documents are shown', () => {
  const first = 'run-that-measured';
  const store = async (runId: string) => {
    await api.store.putJson(s3Keys.result('exp-1', runId), result());
    await api.store.put(s3Keys.timeseries('exp-1', runId), '{}\n', 'application/x-ndjson');
  };
  const statusOf = async (document: string) => (await api.get(`/api/experiments/exp-1/${document}`)).status;

  test('the workflow says it, also when it has gone on as new since', async () => {
    await store(first);
    api.gateway.add('exp-1', { phase: 'needs-operator' }).progress = progress({
      phase: 'needs-operator',
      resultKey: s3Keys.result('exp-1', first),
    });
    expect([await statusOf('result'), await statusOf('timeseries')]).toEqual([200, 200]);
    const { links } = await (await api.get('/api/experiments/exp-1')).json();
    expect(links.result).toBe('/api/experiments/exp-1/result');
  });

  test('the record says it once Temporal has forgotten the workflow', async () => {
    await store(first);
    await api.records.saveExperiment(
      experimentRecord({ id: 'exp-1', runId: 'a-later-run', resultKey: s3Keys.result('exp-1', first) }),
    );
    expect(await statusOf('result')).toBe(200);
  });

  test('of a release that did not say it, those of the latest run', async () => {
    await store('run-1');
    await api.records.saveExperiment(experimentRecord({ id: 'exp-1', runId: 'run-1' }));
    expect(await statusOf('result')).toBe(200);
  });

  test('none where the workflow says that there is none, whatever an earlier run left', async () => {
    await store(`run-of-exp-1`);
    api.gateway.add('exp-1').progress = progress({ phase: 'destroying', resultKey: null });
    expect((await (await api.get('/api/experiments/exp-1')).json()).links.result).toBeNull();
  });
});

test('what another release has accepted, measured and stored is answered', async () => {
  const spec = {
    ...experimentSpec(),
    workload: { ...experimentSpec().workload, acks: 'all' },
    settings: { ofOld: 1 },
    ofOld: { a: 1 },
  };
  await api.records.saveExperiment(experimentRecord({ spec }));
  await api.store.putJson(s3Keys.result('exp-0001', 'run-of-exp-0001'), result({ spec }));
  for (const path of ['', '/result']) {
    const response = await api.get(`/api/experiments/exp-0001${path}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ spec });
  }
  expect((await api.get('/api/report?experiment=exp-0001')).status).toBe(200);
});
