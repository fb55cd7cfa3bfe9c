import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { demandKeysBeyondLoopback, projectRoot, readConfig, readLoadGeneratorConfig } from '../src/config.ts';
import { ConfigError } from '../src/environment.ts';
import { listPrices } from '../src/technologies/registry.ts';

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
      temporal: { address: '127.0.0.1:7233', namespace: 'default', access: {} },
      aws: { region: 'us-east-1', endpointUrl: null },
    });
  });

  test('are named when they are missing', () => {
    expect(() => readLoadGeneratorConfig({})).toThrow(ConfigError);
    expect(() => readLoadGeneratorConfig({})).toThrow(
      /COMPARATOR_EXPERIMENT_ID: is required\n.*\n {2}TEMPORAL_ADDRESS: is required/,
    );
  });
});

test.each([
  [{ COMPARATOR_PORT: 'abc' }, 'COMPARATOR_PORT: must be the number of a port, from 1 to 65535'],
  [{ COMPARATOR_AWS_PORT: '65536' }, 'COMPARATOR_AWS_PORT: must be the number of a port, from 1 to 65535'],
  [{ COMPARATOR_TEMPORAL_PORT: '1.5' }, 'COMPARATOR_TEMPORAL_PORT: must be the number of a port'],
  [
    { COMPARATOR_RETENTION_DAYS: 'a week' },
    'COMPARATOR_RETENTION_DAYS: must be a number of days, more than 0 and at most 36500',
  ],
  [{ COMPARATOR_URL: 'localhost:3000' }, 'COMPARATOR_URL: must be a URL, such as http://127.0.0.1:3000'],
  [{ COMPARATOR_TEMPORAL_UI_URL: 'x' }, 'COMPARATOR_TEMPORAL_UI_URL: must be a URL'],
  [{ AWS_ENDPOINT_URL: 'x' }, 'AWS_ENDPOINT_URL: must be a URL'],
  [
    { COMPARATOR_REQUESTS_PER_MINUTE: '0' },
    'COMPARATOR_REQUESTS_PER_MINUTE: must be a number of requests, from 1 to 1000000',
  ],
  [
    { COMPARATOR_TERRAFORMS_AT_ONCE: 'many' },
    'COMPARATOR_TERRAFORMS_AT_ONCE: must be a number of terraforms',
  ],
  [
    { COMPARATOR_RESULTS_BUCKET: 'B' },
    'COMPARATOR_RESULTS_BUCKET: must be a valid S3 bucket name, such as comparator-results',
  ],
])('%j is refused in our words', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(`These environment variables cannot be used:\n  ${message}`);
});

describe('prices', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'prices-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The prices that a file makes. */
  function read(text: string, environment: NodeJS.ProcessEnv = {}) {
    const file = join(folder, 'prices.yaml');
    writeFileSync(file, text);
    return readConfig({ COMPARATOR_PRICES: file, ...environment }).prices;
  }
  const entry = '{ technology: kafka, asOf: 2027-01-02, source: our contract, usd: { vcpuHour: 0.03';

  test('are the built-in ones without a file', () => {
    expect(readConfig({}).prices).toBe(listPrices);
  });

  test('are those of the file where it has them, as old as the older', () => {
    const { kafka, nats } = read(`prices: [${entry} } }]`);
    expect(kafka).toEqual({
      region: 'us-east-1',
      asOf: '2025-01-31',
      source: `our contract; what that leaves out: ${listPrices.kafka?.source}`,
      items: {
        vcpuHour: { usd: 0.03, unit: 'vCPU-hour' },
        memoryGibHour: { usd: 0.004445, unit: 'GiB-hour of memory' },
      },
    });
    expect(nats).toEqual(listPrices.nats);
  });

  test('are those of the region, also as JSON', () => {
    const at = (region: string, vcpuHour: number) => ({
      technology: 'kafka',
      region,
      asOf: '2027-01-02',
      source: region,
      usd: { vcpuHour, memoryGibHour: 0.005 },
    });
    const text = JSON.stringify({ prices: [at('eu-west-1', 0.04), at('eu-central-1', 0.05)] });
    expect(read(text, { AWS_REGION: 'eu-central-1' }).kafka).toMatchObject({
      region: 'eu-central-1',
      asOf: '2027-01-02',
      items: { vcpuHour: { usd: 0.05 } },
    });
    expect(read(text).kafka).toMatchObject({ region: 'eu-west-1' });
    const { region: _, ...ofBuiltIn } = at('here', 0.06);
    const mixed = JSON.stringify({ prices: [at('eu-west-1', 0.04), ofBuiltIn] });
    expect(read(mixed, { AWS_REGION: 'us-east-1' }).kafka).toMatchObject({
      region: 'us-east-1',
      items: { vcpuHour: { usd: 0.06 } },
    });
  });

  test.each([
    ['prices: [', /prices\.yaml:1:10: a \[ is not closed before here/],
    ['prices: *nope', /prices\.yaml:1:9: \*nope stands for/],
    ['prices: []\n---\n', /prices\.yaml:2:1: a second document begins here/],
    ['prices: []', /\/prices must have at least 1/],
    [
      `prices: [${entry}, cpu: 1 } }]`,
      /\/prices\/0\/usd\/cpu kafka has no such price; it has vcpuHour, memoryGibHour/,
    ],
    [
      `prices: [${entry} } }, ${entry} } }]`,
      /\/prices\/1\/region entry 1 has the prices of kafka there already/,
    ],
    [
      `prices: [${entry} } }, ${entry} }, region: us-east-1 }]`,
      /\/prices\/1\/region entry 1 has the prices of kafka there already/,
    ],
    [
      `prices: [${entry} }, region: eu-west-1 }]`,
      /\/prices\/0\/usd lacks memoryGibHour.*give every price of eu-west-1/,
    ],
    ['prices: [{ technology: pulsar }]', /\/prices\/0\/technology must be one of/],
  ])('say what is wrong with %s', (text, message) => {
    expect(() => read(text)).toThrow(ConfigError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(/COMPARATOR_PRICES[\s\S]*prices\.yaml/);
  });

  test('need a file that is there', () => {
    expect(() => readConfig({ COMPARATOR_PRICES: join(folder, 'none.yaml') })).toThrow(
      /COMPARATOR_PRICES.*none\.yaml cannot be read: there is no such file.*comparator explain prices/s,
    );
  });
});

test.each([',', ' ', ' , ,', 'one key,other'])(
  'keys of %j are refused, not taken for none',
  (COMPARATOR_API_KEYS) => {
    expect(() => readConfig({ COMPARATOR_API_KEYS })).toThrow(
      /COMPARATOR_API_KEYS: holds (no key|a key with a blank)/,
    );
  },
);

test('keys are separated by commas, and blanks around them are not theirs', () => {
  expect(readConfig({ COMPARATOR_API_KEYS: ' one, two ,' }).api.keys).toEqual(['one', 'two']);
});

test('a file of keys is named by its path, seen from the project', () => {
  expect(readConfig({ COMPARATOR_API_KEYS_FILE: 'keys.yaml' }).api.keysFile).toBe(
    join(projectRoot, 'keys.yaml'),
  );
  expect(readConfig({}).api.keysFile).toBeNull();
});

test('beyond loopback a file of keys is as good as keys', () => {
  const api = (environment: NodeJS.ProcessEnv) =>
    readConfig({ COMPARATOR_HOST: '0.0.0.0', ...environment }).api;
  expect(() => demandKeysBeyondLoopback(api({ COMPARATOR_API_KEYS_FILE: 'keys.yaml' }))).not.toThrow();
  expect(() => demandKeysBeyondLoopback(api({}))).toThrow(ConfigError);
});

test('traces are off unless it is said where they go', () => {
  const isTraced = (environment: NodeJS.ProcessEnv) => readConfig(environment).isTraced;
  expect([isTraced({}), isTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' })]).toEqual([
    false,
    true,
  ]);
});

test('the region is AWS_REGION, else AWS_DEFAULT_REGION', () => {
  const regionOf = (environment: NodeJS.ProcessEnv) => readConfig(environment).aws.region;
  expect(regionOf({ AWS_DEFAULT_REGION: 'eu-west-1' })).toBe('eu-west-1');
  expect(regionOf({ AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'eu-west-1' })).toBe('eu-north-1');
});

test('blanks around a value are not of it, and a value of blanks alone is refused', () => {
  const { api, clustersFile, resultsBucket } = readConfig({
    COMPARATOR_HOST: '127.0.0.1 ',
    COMPARATOR_PORT: '3100\n',
    COMPARATOR_CLUSTERS: ' clusters.yaml\t',
    COMPARATOR_RESULTS_BUCKET: 'results ',
  });
  expect([api.host, api.port, resultsBucket]).toEqual(['127.0.0.1', 3100, 'results']);
  expect(clustersFile).toBe(join(projectRoot, 'clusters.yaml'));
  for (const name of ['COMPARATOR_HOME', 'COMPARATOR_HOST', 'COMPARATOR_TERRAFORM_MIRROR', 'AWS_REGION'])
    expect(() => readConfig({ [name]: '  ' })).toThrow(`${name}: is blank; give it a value, or unset it`);
});
