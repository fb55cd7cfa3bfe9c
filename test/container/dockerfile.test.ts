import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot, readConfig } from '../../src/config.ts';
import { loadGeneratorEnvironment } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { allowedProviders } from '../../src/stack/setup/terraform/cli-configuration.ts';
import { atLeast, isAtLeast, parseVersion } from '../../src/stack/setup/versions.ts';
import { knownVariables } from '../support/environment-variables.ts';
import { imageOf, readImages } from '../support/image.ts';

const images = readImages();
const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const targets = ['api', 'worker', 'generator', 'emulator'];

test('everything that is not a stage is named by its version', () => {
  const named = [...images.values()].flatMap(({ from, copies }) => [
    from,
    ...copies.map((copy) => copy.from),
  ]);
  const foreign = named.filter((name): name is string => name !== null && !images.has(name));
  expect(foreign.length).toBeGreaterThan(4);
  expect(foreign.filter((name) => !/^[a-z/-]+:\d+\.\d+(\.\d+)?[\w.-]*$/.test(name))).toEqual([]);
});

test('its Node is the one that the checkout names, and its Terraform and Java will do', () => {
  expect(images.get('node')?.from).toBe(`node:${read('.node-version').trim()}-bookworm-slim`);
  const terraform = parseVersion(images.get('terraform')?.from ?? '') ?? [];
  expect(isAtLeast(terraform, atLeast.terraform)).toBe(true);
  const java = parseVersion(images.get('java')?.from ?? '') ?? [];
  expect(isAtLeast(java, atLeast.java)).toBe(true);
});

describe.each(targets)('the image of the %s', (target) => {
  const image = imageOf(target);

  test('runs as nobody in particular, tells of its health, and gets signals itself', () => {
    expect(image.user).toBe('1000');
    expect(image.healthCheck.length).toBeGreaterThan(0);
    expect(['node', 'python']).toContain(image.command[0]);
  });

  test('holds the programs that it runs', () => {
    const programs = [...image.command, ...image.healthCheck].filter((word) => word.endsWith('.ts'));
    const copied = image.copies.flatMap(({ paths }) => paths.map((path) => path.replace('/app/', '')));
    for (const program of programs) {
      expect(existsSync(join(projectRoot, program))).toBe(true);
      expect(copied).toContain(program.split('/')[0]);
    }
  });
});

test.each(['api', 'worker', 'generator'])('the settings of the %s are known, and can be used', (target) => {
  const { environment } = imageOf(target);
  const known = [...knownVariables(), loadGeneratorEnvironment.readyFile, 'NODE_ENV', 'JAVA_HOME'];
  expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  const config = readConfig(environment);
  expect([config.home, config.tools]).toEqual(['/var/lib/comparator', '/opt/comparator']);
  expect(config.api.host).toBe(target === 'api' ? '0.0.0.0' : '127.0.0.1');
});

test('what is written lies on volumes, so that the rest can be read-only', () => {
  for (const target of ['api', 'worker']) {
    expect(imageOf(target).volumes).toEqual([imageOf(target).environment.COMPARATOR_HOME, '/tmp']);
  }
  expect(imageOf('generator').environment.COMPARATOR_READY_FILE).toMatch(/^\/tmp\//);
});

test('the worker has the providers of every root, and looks for them nowhere else', () => {
  const named = globSync('terraform/**/versions.tf', { cwd: projectRoot }).flatMap((file) =>
    [...read(file).matchAll(/source\s*=\s*"([^"]+)"/g)].map(
      ([, source]) => `registry.terraform.io/${source}`,
    ),
  );
  expect([...new Set(named)]).toEqual([...allowedProviders]);
  const { environment, copies } = imageOf('worker');
  expect(copies.find(({ from }) => from === 'mirror')?.to).toBe(environment.COMPARATOR_TERRAFORM_MIRROR);
});

test('the image of load generators runs NATS servers, too, by the command that their root gives it', () => {
  const [, command = '[]'] = /command\s*=\s*(\[.*\])/.exec(read('terraform/nats/aws/main.tf')) ?? [];
  const [program, file = ''] = JSON.parse(command);
  expect(program).toBe('node');
  expect(existsSync(join(projectRoot, file))).toBe(true);
  const { copies, environment } = imageOf('generator');
  expect(copies.flatMap(({ paths }) => paths)).toContain(`/app/${file.split('/')[0]}`);
  const tools = copies.find(({ from }) => from === 'nats');
  expect(tools?.to).toBe(environment.COMPARATOR_TOOLS);
  expect(read('Dockerfile')).toMatch(/FROM base AS generator\nRUN [^#]*\bopenssl=/);
});

test('a bundle is made where it is used: same folder, same sources, same lock file', () => {
  const sources = (stage: string) =>
    imageOf(stage)
      .copies.flatMap(({ paths }) => paths)
      .map((path) => path.replace('/app/', ''));
  expect(sources('code')).toEqual(
    expect.arrayContaining(['package-lock.json', 'src', 'activities', 'workflows']),
  );
  expect(sources('worker')).toEqual(expect.arrayContaining(['package-lock.json', 'src', 'workflows']));
  expect(imageOf('code').environment.COMPARATOR_TOOLS).toBe(imageOf('worker').environment.COMPARATOR_TOOLS);
});

test('nothing of a checkout but its sources reaches an image', () => {
  const lines = read('.dockerignore').split('\n').filter(Boolean);
  expect(lines.find((line) => !line.startsWith('#'))).toBe('*');
  const copied = [...images.values()].flatMap(({ copies }) =>
    copies.filter(({ from }) => from === null).flatMap(({ paths }) => paths),
  );
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(copied.filter((path) => !allowed.includes(path.split('/')[0] ?? ''))).toEqual([]);
  expect(allowed).toEqual(expect.arrayContaining([...new Set(copied.map((path) => path.split('/')[0]))]));
});
