import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ApiClient } from '../../../src/cli/api/api-client.ts';
import { NoApiError } from '../../../src/cli/api/api-connection.ts';
import { ApiOpenWork } from '../../../src/cli/stack/open-work.ts';
import { acceptedRecord, experimentRecord } from '../../support/documents.ts';
import { servedApi } from '../support/served-api.ts';

let api: Awaited<ReturnType<typeof servedApi>>;
beforeEach(async () => {
  api = await servedApi();
});
afterEach(() => api.close());

const submittedAt = (minute: number) => new Date(Date.UTC(2026, 10, 24, 12, minute)).toISOString();
const openWork = () => new ApiOpenWork(new ApiClient({ url: api.url, key: undefined }));

/** Counts the pages of experiments that are asked for. */
class CountingClient extends ApiClient {
  pages = 0;
  override list: ApiClient['list'] = (kind, query) => {
    if (kind === 'experiments') this.pages++;
    return super.list(kind, query);
  };
}

test('one that needs an operator is found behind a hundred newer that are closed', async () => {
  await api.records.saveExperiment(acceptedRecord({ id: 'exp-old', submittedAt: submittedAt(0) }));
  api.gateway.add('exp-old', { phase: 'needs-operator' });
  for (let n = 1; n <= 210; n++) {
    await api.records.saveExperiment(experimentRecord({ id: `exp-${n}`, submittedAt: submittedAt(n) }));
  }
  const client = new CountingClient({ url: api.url, key: undefined });
  const work = new ApiOpenWork(client);
  const found = { id: 'exp-old', phase: 'needs-operator', comparisonId: null };
  expect((await work.list()).experiments).toEqual([found]);
  expect(client.pages).toBe(1);
  expect((await work.list()).experiments).toEqual([found]);

  await api.records.saveExperiment(acceptedRecord({ id: 'exp-new', submittedAt: submittedAt(300) }));
  api.gateway.add('exp-new', { phase: 'measuring' });
  await api.records.saveExperiment(experimentRecord({ id: 'exp-old', submittedAt: submittedAt(0) }));
  api.gateway.workflows.delete('exp-old');
  expect((await work.list()).experiments).toEqual([
    { id: 'exp-new', phase: 'measuring', comparisonId: null },
  ]);
});

test('a refused cancel is false, an API that is away an error', async () => {
  await api.records.saveExperiment(experimentRecord({ id: 'exp-1' }));
  expect(await openWork().cancel('experiments', 'exp-1')).toBe(false);
  const nowhere = new ApiOpenWork(new ApiClient({ url: 'http://127.0.0.1:9', key: undefined }));
  await expect(nowhere.list()).rejects.toThrow(NoApiError);
});
