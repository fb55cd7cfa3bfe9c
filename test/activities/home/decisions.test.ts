import { describe, expect, it } from '@jest/globals';
import { createFreezeDetector } from '../../../activities/home/attempt.ts';
import { backendConfig, terraformEnvironment } from '../../../activities/home/folder/environment.ts';
import { lockedProviders } from '../../../activities/home/folder/providers.ts';
import { terraformVariables } from '../../../activities/home/folder/variables.ts';
import { kafkaVersion } from '../../../activities/home/placements/kafka-local.ts';
import { possibleStreams } from '../../../activities/home/placements/kinesis-local.ts';
import { runStateOf } from '../../../activities/home/runs/terraform-run.ts';
import { createdByJournals, missingFromState, planSteps } from '../../../activities/home/state/adoption.ts';
import { isForeignTerraform } from '../../../activities/home/state/foreign-terraform.ts';
import { mustPush, parseState } from '../../../activities/home/state/terraform-state.ts';

describe('runStateOf', () => {
  const seen = {
    sameHost: true,
    pastHardLimit: false,
    exited: false,
    supervisorAlive: false,
    terraformAlive: false,
  };
  it.each([
    ['supervised', { supervisorAlive: true, terraformAlive: true }],
    ['supervised', { supervisorAlive: true }],
    ['orphaned', { terraformAlive: true }],
    ['vanished', {}],
    ['finished', { exited: true }],
    ['finished', { exited: true, supervisorAlive: true }],
    ['finished', { exited: true, sameHost: false }],
    ['elsewhere', { sameHost: false }],
    ['elsewhere', { sameHost: false, supervisorAlive: true }],
    ['vanished', { sameHost: false, pastHardLimit: true }],
    ['orphaned', { terraformAlive: true, pastHardLimit: true }],
  ])('is %s for %j', (state, part) => {
    expect(runStateOf({ ...seen, ...part })).toBe(state);
  });
});

describe('adoption', () => {
  const stream = { address: 'module.stream.aws_kinesis_stream.this', importId: 'cmp-a-b' };
  it('imports what exists and the state lacks, once', () => {
    const state = { serial: 1, lineage: 'l', addresses: ['x.y'] };
    expect(missingFromState([stream, stream], state)).toEqual([stream]);
    expect(missingFromState([stream], null)).toEqual([stream]);
    expect(missingFromState([stream], { ...state, addresses: [stream.address] })).toEqual([]);
  });

  it('takes the last word of the journals', () => {
    const one = { address: 'a.b', type: 'a', id: '1' };
    expect(createdByJournals([{ created: [one] }, { created: [{ ...one, id: '2' }] }])).toEqual([
      { ...one, id: '2' },
    ]);
  });

  it('looks for a stream by its own name and by what a journal says', () => {
    const created = [
      { address: 'x', type: 'aws_kinesis_stream', id: 'arn:aws:kinesis:us-east-1:000000000000:stream/other' },
      { address: 'y', type: 'terraform_data', id: 'z' },
    ];
    expect(possibleStreams('own', created)).toEqual(['own', 'other']);
  });

  const plan = {
    kind: 'destroy',
    initialize: false,
    backendFile: '/b.json',
    breakLock: null,
    pushState: false,
    imports: [],
    change: true,
  } as const;
  it.each([
    [{}, ['destroy']],
    [{ kind: 'apply', initialize: true }, ['init', 'apply']],
    [
      { initialize: true, breakLock: 'l', pushState: true, imports: [stream] },
      ['init', 'force-unlock', 'state', 'import', 'destroy'],
    ],
    [{ breakLock: 'l', change: false }, ['force-unlock']],
  ] as const)('%j makes %j', (part, commands) => {
    expect(
      planSteps({ ...plan, ...part, imports: [...((part as { imports?: [] }).imports ?? [])] }).map(
        ([command]) => command,
      ),
    ).toEqual(commands);
  });
});

describe('parseState', () => {
  const text = JSON.stringify({
    version: 4,
    serial: 7,
    lineage: 'abc',
    resources: [
      {
        mode: 'managed',
        module: 'module.a.module.b',
        type: 't',
        name: 'n',
        instances: [{ index_key: 'k-1' }, { index_key: 0 }],
      },
      { mode: 'managed', type: 't', name: 'plain', instances: [{}] },
      { mode: 'data', type: 't', name: 'd', instances: [{}] },
    ],
  });
  it('gives the addresses of managed resources', () => {
    expect(parseState(text)).toEqual({
      serial: 7,
      lineage: 'abc',
      addresses: ['module.a.module.b.t.n["k-1"]', 'module.a.module.b.t.n[0]', 't.plain'],
    });
  });

  const state = parseState(text);
  it.each([
    ['nothing', null, state, false],
    ['where the backend has none', state, null, true],
    ['a newer one', { ...state, serial: 8 }, state, true],
    ['the same', state, state, false],
    ['an older one', { ...state, serial: 6 }, state, false],
    ['one of another lineage', { ...state, serial: 9, lineage: 'other' }, state, false],
  ])('mustPush: %s', (_, errored, remote, expected) => {
    expect(mustPush(errored, remote)).toBe(expected);
  });
});

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
    };
    expect(terraformEnvironment(inherited, place)).toEqual({
      PATH: '/bin',
      AWS_PROFILE: 'mine',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-west-1',
      TF_CLI_CONFIG_FILE: '/h/terraform.rc',
      TF_DATA_DIR: '/h/experiments/e-1/terraform-data',
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      COMPARATOR_HOME: '/h',
      COMPARATOR_NODE: '/node',
      COMPARATOR_LAUNCHER: '/p/launcher.ts',
      COMPARATOR_EXPERIMENT_ID: 'e-1',
      COMPARATOR_RUN_FOLDER: '/h/experiments/e-1',
      NODE_COMPILE_CACHE: '/h/cache/node',
    });
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

describe('what is read from elsewhere', () => {
  it('Kafka’s version from its jar', () => {
    expect(kafkaVersion(['kafka-clients-4.3.1.jar', 'kafka_2.13-4.3.1.jar'])).toBe('4.3.1');
    expect(kafkaVersion(['kafka-clients-4.3.1.jar'])).toBeNull();
  });

  it('providers from the lock file', () => {
    const text =
      '# made by init\n\nprovider "some.host/hashicorp/aws" {\n  version     = "5.100.0"\n  hashes = [\n  ]\n}\n';
    expect(lockedProviders(text)).toEqual({ 'hashicorp/aws': '5.100.0' });
    expect(lockedProviders('')).toEqual({});
  });

  it.each([
    [['/usr/bin/terraform', 'apply'], [], true],
    [['terraform', '-chdir=x'], ['COMPARATOR_TERRAFORM_RUN=2'], false],
    [['tofu', 'apply'], ['A=b'], true],
    [['/x/terraform-provider-aws_v5'], [], false],
    [['vim', 'terraform'], [], false],
  ])('whether %j is a terraform of somebody else', (args, environment, expected) => {
    expect(isForeignTerraform({ args, environment })).toBe(expected);
  });

  it('a freeze from the clock, for good', () => {
    let now = 0;
    const detector = createFreezeDetector(10_000, () => now);
    const at = (ms: number) => {
      now = ms;
      return detector.tick();
    };
    expect([at(1_000), at(11_000), at(21_001), at(21_002)]).toEqual([false, false, true, true]);
  });
});
