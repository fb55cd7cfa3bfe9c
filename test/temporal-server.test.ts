import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../src/config.ts';
import { temporalAccessNames, temporalServer } from '../src/temporal-server.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temporal-settings-'));
  file = join(folder, 'temporal.toml');
  writeFileSync(
    file,
    '[profile.default]\naddress = "default.example:7233"\n[profile.cloud]\naddress = "cloud.example:7233"\nnamespace = "n.a"\napi_key = "k"\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const nowhere = { address: null, namespace: null, access: {} };

describe('the Temporal server of the environment', () => {
  test.each([
    ['nothing', {}, nowhere],
    ['an empty address', { TEMPORAL_ADDRESS: '' }, nowhere],
    ['a key, which says of no server', { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'true' }, nowhere],
    ['an address', { TEMPORAL_ADDRESS: 'a:1' }, { address: 'a:1', namespace: null, access: {} }],
    [
      'an API key, which goes through TLS only',
      { TEMPORAL_ADDRESS: 'a:1', TEMPORAL_API_KEY: 'k', TEMPORAL_NAMESPACE: 'n' },
      { address: 'a:1', namespace: 'n', access: { apiKey: 'k', tls: true } },
    ],
    [
      'metadata',
      { TEMPORAL_ADDRESS: 'a:1', TEMPORAL_GRPC_META_TEAM_NAME: 'x' },
      { address: 'a:1', namespace: null, access: { metadata: { 'team-name': 'x' } } },
    ],
  ])('is read from %s', (_what, environment, expected) => {
    expect(temporalServer(environment)).toEqual(expected);
  });

  test('is that of a profile where one is asked for', () => {
    const cloud = { address: 'cloud.example:7233', namespace: 'n.a', access: { apiKey: 'k', tls: true } };
    expect(temporalServer({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud' })).toEqual(cloud);
    expect(temporalServer({ TEMPORAL_CONFIG_FILE: file }).address).toBe('default.example:7233');
    const config = readConfig({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud' });
    expect(config.temporal).toEqual({ ...cloud, uiUrl: null });
  });

  test('has the parts of its TLS', () => {
    for (const name of ['ca', 'crt', 'key']) writeFileSync(join(folder, name), name);
    const { access } = temporalServer({
      TEMPORAL_ADDRESS: 'a:1',
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'ca'),
      TEMPORAL_TLS_CLIENT_CERT_PATH: join(folder, 'crt'),
      TEMPORAL_TLS_CLIENT_KEY_DATA: 'key',
      TEMPORAL_TLS_SERVER_NAME: 'server',
    });
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));
    expect(access.tls).toEqual({
      serverNameOverride: 'server',
      serverRootCACertificate: bytes('ca'),
      clientCertPair: { crt: bytes('crt'), key: bytes('key') },
    });
  });
});

describe('refused in our words', () => {
  test.each([
    [{ TEMPORAL_TLS_CLIENT_CERT_PATH: '/crt' }, /TEMPORAL_TLS_CLIENT_KEY_PATH: is required with/],
    [{ TEMPORAL_TLS_CLIENT_KEY_DATA: 'k' }, /TEMPORAL_TLS_CLIENT_CERT_PATH: is required with/],
    [{ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' }, /\/nowhere\/ca\.pem/],
    [
      { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' },
      /HOST_VERIFICATION: is not supported; name the server/,
    ],
    [{ TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml' }, /\/nowhere\/temporal\.toml/],
    [{ TEMPORAL_PROFILE: 'away' }, /away/],
  ])('%j', (environment, message) => {
    const own = { TEMPORAL_ADDRESS: 'a:1', ...environment };
    expect(() => readConfig(own)).toThrow(
      /^The Temporal server that the environment names cannot be used:\n {2}/,
    );
    expect(() => readConfig(own)).toThrow(message);
  });
});

test('what lets us in is handed on, and nothing else of Temporal', () => {
  const names = [
    'TEMPORAL_API_KEY',
    'TEMPORAL_PROFILE',
    'TEMPORAL_CONFIG_FILE',
    'TEMPORAL_TLS',
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
    'TEMPORAL_TLS_SERVER_CA_CERT_DATA',
    'TEMPORAL_TLS_SERVER_NAME',
    'TEMPORAL_GRPC_META_TEAM',
  ];
  expect(names.filter((name) => !temporalAccessNames.test(name))).toEqual([]);
  expect(
    ['TEMPORAL_ADDRESS', 'TEMPORAL_DEBUG', 'MY_TEMPORAL_API_KEY'].filter((name) =>
      temporalAccessNames.test(name),
    ),
  ).toEqual([]);
});
