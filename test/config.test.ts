import { describe, expect, test } from '@jest/globals';
import { ConfigError, readLoadGeneratorConfig } from '../src/config.ts';

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
      runFolder: null,
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
