import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { demandKeysBeyondLoopback, projectRoot, readConfig } from '../src/config.ts';
import { searchAttributes } from '../src/contracts/temporal/names.ts';
import { knownVariables } from './support/environment-variables.ts';
import { imageOf } from './support/image.ts';

interface Service {
  build?: { target: string };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  networks?: string[];
  volumes?: string[];
  profiles?: string[];
  stop_grace_period?: string;
  depends_on?: Record<string, { condition: string }> | string[];
  [setting: string]: unknown;
}

const text = readFileSync(`${projectRoot}/docker-compose.yml`, 'utf8');
const compose = parse(text, { merge: true });
const services = Object.entries<Service>(compose.services);
const service = (name: string) => compose.services[name] as Service;
const builtAs = (target: string) => services.filter(([, { build }]) => build?.target === target);
const ours = services.filter(([, { build }]) => build !== undefined);
const apis = builtAs('api').filter(([, { command }]) => command === undefined);

/** As compose fills a value in, where a key is given for each that it demands. */
const filledIn = (value: string) =>
  value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, _name, kind, other) =>
    kind === '-' ? other : 'a-key',
  );

/** What a container's process sees: the image's environment, and the service's over it. */
function environmentOf(name: string): Record<string, string> {
  const { build, environment = {} } = service(name);
  const own = Object.entries(environment).map(([key, value]) => [key, filledIn(value)] as const);
  return { ...imageOf(build?.target ?? '').environment, ...Object.fromEntries(own) };
}

const seconds = (duration = '10s') => {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(duration) ?? [];
  return Number(number) * (unit === 'm' ? 60 : 1);
};

describe.each([...apis, ...builtAs('worker')].map(([name]) => name))('the settings of %s', (name) => {
  const environment = environmentOf(name);

  test('are all known', () => {
    const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
    const known = [...knownVariables(), ...credentials, 'AWS_EC2_METADATA_DISABLED', 'NODE_ENV', 'JAVA_HOME'];
    expect(Object.keys(environment).filter((one) => !known.includes(one))).toEqual([]);
  });

  test('can be used, and lead to services of the same network at ports they listen on', () => {
    const config = readConfig(environment);
    const [temporal = '', port] = config.temporal.address?.split(':') ?? [];
    expect([temporal, port]).toEqual(['temporal', '7233']);
    const needed = [temporal];
    if (config.aws.endpointUrl) {
      const url = new URL(config.aws.endpointUrl);
      const emulator = environmentOf(url.hostname);
      expect([url.port, emulator.DOOR_HOSTS]).toEqual([emulator.GATEWAY_PORT, url.hostname]);
      expect(environment.AWS_ACCESS_KEY_ID).toBe(emulator.AWS_ACCESS_KEY_ID);
      needed.push(url.hostname);
    }
    for (const other of needed) {
      const shared = service(other).networks?.filter((one) => service(name).networks?.includes(one));
      expect({ other, shared: shared?.length }).toEqual({ other, shared: 1 });
    }
  });

  test('say where people reach it', () => {
    const { COMPARATOR_URL, COMPARATOR_TEMPORAL_UI_URL } = environment;
    const [at] = apis.filter(
      ([api]) => environmentOf(api).TEMPORAL_NAMESPACE === environment.TEMPORAL_NAMESPACE,
    );
    const inside = environmentOf(at?.[0] ?? '').COMPARATOR_PORT;
    expect(at?.[1].ports).toEqual([`${COMPARATOR_URL?.replace('http://', '')}:${inside}`]);
    const uiPort = service('ui-door').environment?.COMPARATOR_TEMPORAL_UI_PORT;
    expect(service('ui-door').ports).toEqual([
      `${COMPARATOR_TEMPORAL_UI_URL?.replace('http://', '')}:${uiPort}`,
    ]);
  });
});

test.each(apis.map(([name]) => name))('%s asks for keys', (name) => {
  expect(() => demandKeysBeyondLoopback(readConfig(environmentOf(name)).api)).not.toThrow();
  expect(service(name).environment?.COMPARATOR_API_KEYS).toMatch(/^\$\{COMPARATOR_API_KEYS:\?/);
});

test('there is one worker to a home, and one home to a namespace', () => {
  const workers = builtAs('worker');
  expect(workers).toHaveLength(2);
  for (const [name, { deploy, scale }] of workers) {
    expect({ name, deploy, scale }).toEqual({ name, deploy: undefined, scale: undefined });
  }
  const homes = workers.map(([name, { volumes }]) => {
    const { COMPARATOR_HOME } = environmentOf(name);
    return volumes?.find((volume) => volume.endsWith(`:${COMPARATOR_HOME}`))?.split(':')[0];
  });
  const namespaces = workers.map(([name]) => environmentOf(name).TEMPORAL_NAMESPACE);
  expect([new Set(homes).size, new Set(namespaces).size]).toEqual([2, 2]);
  expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(homes));
});

test('what is not emulated has neither endpoint nor keys of the emulator, and starts only when asked for', () => {
  for (const name of ['api-on-aws', 'worker-on-aws']) {
    const { environment, profiles, depends_on } = service(name);
    expect(profiles).toEqual(['aws']);
    expect(environment).not.toHaveProperty('AWS_ENDPOINT_URL');
    expect(JSON.stringify(environment)).not.toContain('EMULATOR');
    expect(Object.keys(depends_on ?? {})).not.toContain('emulator');
  }
});

test('namespaces and search attributes are made before anybody asks for them', () => {
  const script = service('temporal-setup').command?.join('\n') ?? '';
  const [, namespaces = ''] = /for namespace in (.*); do/.exec(script) ?? [];
  const used = builtAs('worker').map(([name]) => environmentOf(name).TEMPORAL_NAMESPACE);
  expect(namespaces.split(' ').sort()).toEqual(used.sort());
  const made = [...script.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => [name, type]);
  expect(Object.fromEntries(made)).toEqual(searchAttributes);
  for (const [name] of [...apis, ...builtAs('worker')]) {
    expect(service(name).depends_on).toHaveProperty(
      'temporal-setup.condition',
      'service_completed_successfully',
    );
  }
});

test('a worker is given as long to end as its image takes', () => {
  const grace = Number(imageOf('worker').command.at(-1));
  for (const [, { stop_grace_period }] of builtAs('worker')) {
    expect(seconds(stop_grace_period)).toBeGreaterThanOrEqual(grace + 5);
  }
});

test('every published port listens on loopback only, and only what asks for keys or stands behind a door is published', () => {
  const published = services.filter(([, { ports }]) => ports !== undefined);
  const ports = published.flatMap(([, { ports }]) => ports ?? []);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  expect(published.map(([name]) => name).sort()).toEqual(['api', 'api-on-aws', 'ui-door']);
  const [ui = ''] = service('ui-door').command?.slice(-1) ?? [];
  expect(ui.split(':')).toEqual(['temporal-ui', service('temporal-ui').environment?.TEMPORAL_UI_PORT]);
});

test('databases, servers and the emulator have no way out, and no other way in', () => {
  const open = Object.entries<{ internal?: boolean } | null>(compose.networks)
    .filter(([, network]) => !network?.internal)
    .map(([name]) => name);
  expect(open).toEqual(['published']);
  const outside = services
    .filter(([, { networks }]) => networks?.includes('published'))
    .map(([name]) => name);
  expect(outside.sort()).toEqual(['api', 'api-on-aws', 'ui-door', 'worker-on-aws']);
  expect(services.filter(([, { networks }]) => !networks?.length)).toEqual([]);
});

test.each(ours.map(([name]) => name))('%s may change nothing but its volumes', (name) => {
  const { read_only, cap_drop, security_opt, volumes = [], privileged, user } = service(name);
  expect({ read_only, cap_drop, security_opt }).toEqual({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
  expect([privileged, user]).toEqual([undefined, undefined]);
  expect(volumes.filter((volume) => /^[./~]/.test(volume))).toEqual([]);
});

test('no password is written down', () => {
  const secret = /(PASSWORD|PWD|SECRET|KEY)/;
  const written = services.flatMap(([name, { environment = {} }]) =>
    Object.entries(environment)
      .filter(([key, value]) => secret.test(key) && !/^\$\{\w+:[?-]/.test(value))
      .map(([key]) => `${name} ${key}`),
  );
  expect(written).toEqual([]);
});

test('foreign images are named by their version', () => {
  const images = services.filter(([, { build }]) => !build).map(([, { image }]) => String(image));
  expect(images.length).toBeGreaterThan(3);
  expect(images.filter((image) => !/:\d+\.\d+(\.\d+)?(-[\w.]+)?$/.test(image))).toEqual([]);
});
