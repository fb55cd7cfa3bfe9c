import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApiClient } from '../../src/cli/api/api-client.ts';
import { shownLines } from '../../src/cli/commands/show.ts';
import { comparisonRecord, experimentRecord } from '../support/documents.ts';
import { servedApi } from './support/served-api.ts';

let api: Awaited<ReturnType<typeof servedApi>>;
beforeAll(async () => {
  api = await servedApi();
});
afterAll(() => api.close());

test('a comparison is shown with the cause of what failed in it, not only its code', async () => {
  const cause = 'ConfigException: Invalid value lots for configuration message.max.bytes';
  const failure = {
    code: 'terraform-failed' as const,
    phase: 'provisioning' as const,
    message: 'terraform apply failed with exit code 1: local-exec provisioner error',
    diagnostics: [
      {
        severity: 'error' as const,
        summary: 'local-exec provisioner error',
        detail: `broker-1 ended. Its log ends with:\n${cause}`,
        address: 'module.brokers',
      },
    ],
  };
  await api.records.saveComparison(comparisonRecord());
  for (const id of ['cmp-0001-01', 'cmp-0001-02']) {
    await api.records.saveExperiment(
      experimentRecord({ id, comparisonId: 'cmp-0001', outcome: 'failed', failure, hasResult: false }),
    );
  }
  const client = new ApiClient({ url: api.url, key: undefined });
  const lines = await shownLines(client, await client.find('cmp-0001'));
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}Kafka.* failed while provisioning \(terraform-failed\)\.$/),
  );
  expect(lines).toContain(`  Kafka: ${failure.message} – ${cause}`);
});

test('who submitted it and who cancelled it is shown where that is known', async () => {
  const known = { submittedBy: 'ann', cancelRequestedBy: 'ci' };
  await api.records.saveExperiment(experimentRecord({ id: 'exp-0007', ...known }));
  await api.records.saveComparison(comparisonRecord({ id: 'cmp-0007', submittedBy: 'ann' }));
  const client = new ApiClient({ url: api.url, key: undefined });
  const shown = async (id: string) =>
    (await shownLines(client, await client.find(id))).filter((line) => / by /.test(line));
  expect(await shown('exp-0007')).toEqual(['  submitted by ann', '  cancelled by ci']);
  expect(await shown('cmp-0007')).toEqual(['  submitted by ann']);
});
