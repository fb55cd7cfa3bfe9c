import { describe, expect, test } from '@jest/globals';
import { uploadPatiently } from '../../loadgen/upload.ts';
import { ConfigError, readLoadGeneratorConfig } from '../../src/config.ts';

describe('an upload', () => {
  const limits = { giveUpMs: 200, giveUpCancelledMs: 0, firstBackoffMs: 5, maxBackoffMs: 20 };
  const failing = (times: number) => {
    const upload = async () => {
      upload.calls++;
      if (upload.calls <= times) throw new Error('S3 is away');
    };
    upload.calls = 0;
    return upload;
  };

  test('is tried again until it succeeds', async () => {
    const upload = failing(3);
    await uploadPatiently(upload, () => {}, undefined, limits);
    expect(upload.calls).toBe(4);
  });

  test('fails with the last error when it takes too long', async () => {
    await expect(uploadPatiently(failing(1_000), () => {}, undefined, limits)).rejects.toThrow('S3 is away');
  });

  test('is less patient once cancelled', async () => {
    const upload = failing(1_000);
    await expect(
      uploadPatiently(
        upload,
        () => {},
        () => true,
        limits,
      ),
    ).rejects.toThrow('S3 is away');
    expect(upload.calls).toBe(1);
  });
});

describe('the load generator’s settings', () => {
  const environment = {
    COMPARATOR_EXPERIMENT_ID: 'experiment-1',
    COMPARATOR_GENERATOR: '2',
    COMPARATOR_RESULTS_BUCKET: 'results',
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    AWS_ENDPOINT_URL: '',
  };

  test('come from the environment', () => {
    expect(readLoadGeneratorConfig(environment)).toEqual({
      experimentId: 'experiment-1',
      generator: 2,
      resultsBucket: 'results',
      readyFile: null,
      temporal: { address: '127.0.0.1:7233', namespace: 'default' },
      aws: { region: 'us-east-1', endpointUrl: null },
    });
  });

  test('are named when they are missing', () => {
    expect(() => readLoadGeneratorConfig({})).toThrow(ConfigError);
    expect(() => readLoadGeneratorConfig({})).toThrow(/COMPARATOR_EXPERIMENT_ID[\s\S]*TEMPORAL_ADDRESS/);
  });
});
