import { expect, test } from '@jest/globals';
import { ApiClient } from '../../../src/cli/api/api-client.ts';
import { ApiError } from '../../../src/cli/api/api-connection.ts';
import { readEvents } from '../../../src/cli/api/server-events.ts';
import { lineView } from '../../../src/cli/progress/progress-view.ts';
import { watch } from '../../../src/cli/progress/watch.ts';
import { experimentRecord, progress } from '../../support/documents.ts';
import { until } from '../../support/until.ts';
import { servedApi } from '../support/served-api.ts';

test('returns what it is once closed', async () => {
  const api = await servedApi();
  api.gateway.add('exp-0001').progress = progress();
  const lines: string[] = [];
  const watched = watch(new ApiClient({ url: api.url, key: undefined }), 'experiments', 'exp-0001', {
    view: lineView((line) => lines.push(line), { now: () => 0 }),
  });
  await until('the first line', () => lines.length > 0);
  await api.records.saveExperiment(experimentRecord());
  expect(await watched).toMatchObject({ id: 'exp-0001', phase: 'closed', outcome: 'completed' });
  expect(lines).toEqual([
    '0:00  exp-0001: queued',
    '0:00  exp-0001: provisioning',
    '0:00  exp-0001: measuring',
    '0:00  kafka, acks all: completed',
  ]);
  await api.close();
});

test('what is unknown is an error at once', async () => {
  const api = await servedApi();
  const view = lineView<'comparisons'>(() => {});
  await expect(
    watch(new ApiClient({ url: api.url, key: undefined }), 'comparisons', 'cmp-9999', { view }),
  ).rejects.toThrow(
    new ApiError({
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: 'There is no comparison "cmp-9999".',
    }),
  );
  await api.close();
});

test('events are read however the network cuts them', async () => {
  const text =
    ': comment\n\nevent: progress\ndata: {"a":1}\n\nevent: closed\r\ndata: ü1\r\ndata: 2\r\n\r\nevent: unfinished\ndata: x';
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 3, 1_000]) {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let from = 0; from < bytes.length; from += size)
          controller.enqueue(bytes.slice(from, from + size));
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEvents(body)) events.push(event);
    expect(events).toEqual([
      { event: 'progress', data: '{"a":1}' },
      { event: 'closed', data: 'ü1\n2' },
    ]);
  }
});
