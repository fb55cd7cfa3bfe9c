import { describe, expect, it } from '@jest/globals';
import { backendConfig, terraformEnvironment } from '../../../../activities/home/folder/environment.ts';

describe('environment', () => {
  const place = {
    experimentId: 'e-1',
    home: '/h',
    runFolder: '/h/experiments/e-1',
    terraformData: '/h/experiments/e-1/terraform-data',
    cliConfig: '/h/terraform.rc',
    node: '/node',
    launcher: '/p/launcher.ts',
    region: 'eu-west-1',
    endpointUrl: 'http://127.0.0.1:1',
    clustersFile: '/etc/clusters.yaml',
  };
  it('hands on nothing that could change what terraform does', () => {
    const inherited = {
      PATH: '/bin',
      TF_LOG: 'trace',
      TF_CLI_ARGS_apply: '-destroy',
      TF_VAR_settings: '{}',
      TF_CLI_CONFIG_FILE: '/elsewhere',
      TF_PLUGIN_CACHE_DIR: '/cache',
      COMPARATOR_API_KEYS: 'secret',
      AWS_PROFILE: 'mine',
      TEMPORAL_API_KEY: 'for load generators',
      TEMPORAL_DEBUG: '1',
      TMPDIR: '/elsewhere',
    };
    expect(terraformEnvironment(inherited, place)).toEqual({
      PATH: '/bin',
      AWS_PROFILE: 'mine',
      TEMPORAL_API_KEY: 'for load generators',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-west-1',
      TMPDIR: '/h/tmp',
      TF_CLI_CONFIG_FILE: '/h/terraform.rc',
      TF_DATA_DIR: '/h/experiments/e-1/terraform-data',
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      COMPARATOR_HOME: '/h',
      COMPARATOR_NODE: '/node',
      COMPARATOR_LAUNCHER: '/p/launcher.ts',
      COMPARATOR_EXPERIMENT_ID: 'e-1',
      COMPARATOR_CLUSTERS: '/etc/clusters.yaml',
      COMPARATOR_RUN_FOLDER: '/h/experiments/e-1',
      NODE_COMPILE_CACHE: '/h/cache/node',
    });
  });

  it('leaves temporary files to the system where the home is too deep for a socket', () => {
    const home = `/${'h'.repeat(90)}`;
    expect(terraformEnvironment({ TMPDIR: '/elsewhere' }, { ...place, home }).TMPDIR).toBe('/elsewhere');
  });

  it('takes no made-up credentials to AWS itself', () => {
    expect(terraformEnvironment({}, { ...place, endpointUrl: null })).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    expect(backendConfig({ bucket: 'b', key: 'k', region: 'r', endpointUrl: null })).toEqual({
      bucket: 'b',
      key: 'k',
      region: 'r',
    });
  });
});
