import { describe, expect, it } from '@jest/globals';
import { terraformVariables } from '../../../../activities/home/folder/variables.ts';

describe('tfvars', () => {
  it('are what the root modules declare', () => {
    const variables = terraformVariables(
      {
        experimentId: 'e-1',
        settings: { partitions: 4 },
        launcher: { node: '/n', projectFolder: '/p', runFolder: '/r', launchToken: 't' },
        generators: {
          number: 1,
          entry: '/g',
          temporalAddress: 'a:1',
          temporalNamespace: 'default',
          resultsBucket: 'b',
          region: 'r',
          endpointUrl: null,
        },
      },
      { region: 'r' },
    );
    expect(variables).toEqual({
      experiment_id: 'e-1',
      settings: { partitions: 4 },
      launcher: { node: '/n', project_folder: '/p', run_folder: '/r', launch_token: 't' },
      generators: {
        number: 1,
        entry: '/g',
        temporal_address: 'a:1',
        temporal_namespace: 'default',
        results_bucket: 'b',
        region: 'r',
        aws_endpoint_url: null,
      },
      region: 'r',
    });
  });
});
