import { describe, expect, test } from '@jest/globals';
import { type Config, readConfig } from '../../src/config.ts';
import { planStack, portsNeeded, processesToStart } from '../../src/stack/plan.ts';
import { programEnvironment } from '../../src/stack/processes/environment.ts';
import { type ProcessName, processNames } from '../../src/stack/processes/stack-process.ts';

const keys = { accessKeyId: 'key', secretAccessKey: 'secret' };
const ports = { temporal: 7001, temporalUi: 7002, aws: 7003, workerMetrics: 7004 };
const configOf = (settings: Record<string, string> = {}): Config =>
  readConfig({ COMPARATOR_HOME: '/h', COMPARATOR_TOOLS: '/t', ...settings });
const ownTemporal = { TEMPORAL_ADDRESS: 't.example:7233' };
const ownAws = { AWS_ENDPOINT_URL: 'http://a.example' };

const starts: [string, Record<string, string>, readonly ProcessName[], ProcessName[], string[]][] = [
  [
    'everything',
    {},
    processNames,
    ['aws', 'temporal', 'worker', 'api'],
    ['temporal', 'temporalUi', 'aws', 'workerMetrics'],
  ],
  [
    "everything beside a user's Temporal server",
    ownTemporal,
    processNames,
    ['aws', 'worker', 'api'],
    ['aws', 'workerMetrics'],
  ],
  [
    "everything beside a user's AWS",
    ownAws,
    processNames,
    ['temporal', 'worker', 'api'],
    ['temporal', 'temporalUi', 'workerMetrics'],
  ],
  [
    'what is to use accounts of AWS itself',
    { ...ownTemporal, COMPARATOR_AWS_ACCOUNTS: '123456789012' },
    processNames,
    ['worker', 'api'],
    ['workerMetrics'],
  ],
  ["nothing but a user's servers", { ...ownTemporal, ...ownAws }, ['aws', 'temporal'], [], []],
  ['what is wanted only', {}, ['aws'], ['aws'], ['aws']],
];

test.each(starts)(
  'of %s it starts what it must, on the ports that takes',
  (_title, settings, wanted, names, needed) => {
    const started = processesToStart(configOf(settings), wanted);
    expect(started).toEqual(names);
    expect(portsNeeded(started)).toEqual(needed);
  },
);

describe('a plan says where servers are', () => {
  test('those of AWS where accounts are named: at its own addresses, with the credentials of the person', () => {
    const config = configOf({ ...ownTemporal, COMPARATOR_AWS_ACCOUNTS: '123456789012' });
    const plan = planStack(config, ['worker', 'api'], ports, null);
    expect(plan.servers.aws).toEqual({ url: null, keys: null });
    expect(plan.settled.aws.endpointUrl).toBeNull();
    const environment = programEnvironment(config, plan.servers, {
      AWS_PROFILE: 'mine',
      COMPARATOR_AWS_ACCOUNTS: '123456789012',
    });
    expect(environment).toMatchObject({ AWS_PROFILE: 'mine', COMPARATOR_AWS_ACCOUNTS: '123456789012' });
    expect(environment.AWS_ENDPOINT_URL).toBeUndefined();
    expect(environment.AWS_ACCESS_KEY_ID).toBeUndefined();
  });

  test('its own on loopback, with the keys of the home', () => {
    const config = configOf();
    const plan = planStack(config, processNames, ports, keys);
    expect(plan.servers).toEqual({
      temporal: { address: '127.0.0.1:7001', uiUrl: 'http://127.0.0.1:7002' },
      aws: { url: 'http://127.0.0.1:7003', keys },
    });
    expect(plan.config).toBe(config);
    expect(plan.settled).toEqual({
      ...config,
      temporal: { ...config.temporal, address: '127.0.0.1:7001', uiUrl: 'http://127.0.0.1:7002' },
      aws: { ...config.aws, endpointUrl: 'http://127.0.0.1:7003' },
    });
  });

  test("a user's own where the settings say, without our keys", () => {
    const plan = planStack(configOf({ ...ownTemporal, ...ownAws }), ['worker', 'api'], {}, keys);
    expect(plan.servers).toEqual({
      temporal: { address: 't.example:7233', uiUrl: null },
      aws: { url: 'http://a.example', keys: null },
    });
    expect(plan.settled).toEqual(plan.config);
  });

  test('a Web UI that the settings name is the one of our server too', () => {
    const config = configOf({ COMPARATOR_TEMPORAL_UI_URL: 'https://ui.example' });
    expect(planStack(config, processNames, ports, keys).servers.temporal).toEqual({
      address: '127.0.0.1:7001',
      uiUrl: 'https://ui.example',
    });
  });
});
