import { devNull } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot, readConfig } from '../../../src/config.ts';
import {
  programEnvironment,
  type Servers,
  serverEnvironment,
} from '../../../src/stack/processes/environment.ts';

const embedded: Servers = {
  temporal: { address: '127.0.0.1:7233', uiUrl: 'http://127.0.0.1:8233' },
  aws: { url: 'http://127.0.0.1:4566', keys: { accessKeyId: 'key', secretAccessKey: 'secret' } },
};
const shell = {
  PATH: '/bin',
  TF_LOG: 'trace',
  TF_CLI_ARGS_apply: '-auto-approve',
  npm_lifecycle_event: 'start',
  AWS_PROFILE: 'production',
  AWS_SESSION_TOKEN: 'real',
  AWS_ENDPOINT_URL_S3: 'http://elsewhere.example',
  TEMPORAL_API_KEY: 'secret',
  COMPARATOR_API_KEYS: 'k',
};

test('beside the emulator nothing of a real account and nothing of Terraform is inherited', () => {
  const config = readConfig({ COMPARATOR_HOME: '/h', COMPARATOR_TOOLS: '/t' });
  expect(programEnvironment(config, embedded, shell)).toEqual({
    PATH: '/bin',
    COMPARATOR_API_KEYS: 'k',
    COMPARATOR_HOME: '/h',
    COMPARATOR_TOOLS: '/t',
    COMPARATOR_HOST: '127.0.0.1',
    COMPARATOR_PORT: '3000',
    COMPARATOR_RESULTS_BUCKET: 'comparator-results',
    COMPARATOR_TEMPORAL_UI_URL: 'http://127.0.0.1:8233',
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    TEMPORAL_NAMESPACE: 'default',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});

test("a user's own servers keep the user's own credentials", () => {
  const own = { ...shell, TEMPORAL_ADDRESS: 't.example:7233', AWS_ENDPOINT_URL: 'http://a.example' };
  const servers: Servers = {
    temporal: { address: 't.example:7233', uiUrl: null },
    aws: { url: 'http://a.example', keys: null },
  };
  const environment = programEnvironment(readConfig(own), servers, own);
  expect(environment).toMatchObject({ AWS_PROFILE: 'production', TEMPORAL_API_KEY: 'secret' });
  expect(environment.AWS_ACCESS_KEY_ID).toBeUndefined();
});

test('files of Temporal’s settings are named from where the person is', () => {
  const own = { TEMPORAL_ADDRESS: 't.example:7233', TEMPORAL_TLS_SERVER_CA_CERT_PATH: 'package.json' };
  const servers: Servers = { ...embedded, temporal: { address: 't.example:7233', uiUrl: null } };
  const environment = programEnvironment(readConfig(own), servers, own);
  expect(environment.TEMPORAL_TLS_SERVER_CA_CERT_PATH).toBe(join(projectRoot, 'package.json'));
});

test('the file of keys is named from where the person is, and how many requests a key may make is passed on', () => {
  const own = { COMPARATOR_API_KEYS_FILE: 'keys.yaml', COMPARATOR_REQUESTS_PER_MINUTE: '60' };
  expect(programEnvironment(readConfig(own), embedded, own)).toMatchObject({
    COMPARATOR_API_KEYS_FILE: join(projectRoot, 'keys.yaml'),
    COMPARATOR_REQUESTS_PER_MINUTE: '60',
  });
});

test('servers get next to nothing of the shell', () => {
  expect(serverEnvironment({ ...shell, LC_ALL: 'C' })).toEqual({ PATH: '/bin', LC_ALL: 'C' });
});
