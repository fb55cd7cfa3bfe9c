import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { execa } from 'execa';
import { cloudResources } from '../../../../src/analysis/plan/cloud-resources.ts';
import { inheritedEnvironment, projectRoot, readConfig } from '../../../../src/config.ts';
import { comparisonSchema } from '../../../../src/contracts/input/comparison.ts';
import { variantExperiment } from '../../../../src/contracts/input/grid/grid.ts';
import { experimentEnvironment } from '../../../../src/contracts/temporal/infrastructure-activities.ts';
import { findVariableValues } from '../../../../src/machine/scan.ts';
import { toolPaths } from '../../../../src/stack/setup/tools.ts';
import { type Emulator, startEmulator } from '../../../activities/home/support/emulator.ts';
import { until } from '../../../support/until.ts';

/** `comparator validate --plan`, as a person would start it, on the emulator. */

jest.setTimeout(200_000);

let folder: string;
let temporary: string;
let home: string;
let emulator: Emulator;
let specFile: string;

const fanOut = {
  technology: 'kinesis',
  target: 'aws',
  settings: { shards: 2, consumer: 'enhanced-fan-out' },
};
const comparison = {
  name: 'planned',
  budget: { maxCostUsd: 50, maxMinutes: 60 },
  workload: { load: { shape: 'constant', messagesPerSecond: 100 }, durationSeconds: 10 },
  variants: [
    { name: 'stream', ...fanOut },
    { name: 'here', technology: 'nats', target: 'local' },
    { name: 'brokers', technology: 'kafka', target: 'aws', settings: { hosting: 'msk' } },
    { name: 'stream again', ...fanOut },
  ],
};

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cmp-plan-')));
  temporary = join(folder, 't');
  mkdirSync(temporary);
  home = join(folder, 'home');
  specFile = join(folder, 'comparison.json');
  writeFileSync(specFile, JSON.stringify(comparison));
  emulator = await startEmulator(folder);
});
afterEach(async () => {
  // Whatever became of it: nothing is made, nothing runs, and nothing is left on this machine.
  expect(await account()).toBe('');
  expect(findVariableValues(experimentEnvironment.runFolder, temporary)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
  expect(existsSync(home)).toBe(false);
});
afterAll(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The oracle: what the account has, a line each. */
async function account(): Promise<string> {
  const script = fileURLToPath(new URL('../../support/account.py', import.meta.url));
  const { stdout } = await execa(toolPaths(readConfig()).ministackPython, [script, emulator.url]);
  return stdout;
}

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

function validate(more: string[], environment: Record<string, string> = credentials) {
  const program = join(projectRoot, 'test/cli/support/main.ts');
  return execa(process.execPath, [program, 'validate', specFile, '--plan', ...more], {
    extendEnv: false,
    env: {
      PATH: inheritedEnvironment().PATH,
      HOME: folder,
      TMPDIR: temporary,
      COMPARATOR_HOME: home,
      COMPARATOR_TOOLS: readConfig().tools,
      AWS_ENDPOINT_URL: emulator.url,
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      COMPARATOR_AWS_ACCOUNTS: '000000000000',
      COMPARATOR_GENERATOR_IMAGE: `example.com/comparator@sha256:${'0'.repeat(64)}`,
      ...environment,
    },
    reject: false,
    timeout: 150_000,
    forceKillAfterDelay: 30_000,
  });
}

test('terraform plans for each variant what a dry run lists, by one plan for those that make no difference', async () => {
  const { exitCode, stdout, stderr } = await validate(['--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const { plan } = JSON.parse(stdout) as { plan: { name: string; resources: Record<string, string>[] }[] };
  const spec = comparisonSchema.parse(comparison);
  const listed = cloudResources(
    spec.variants.map((_, index) => variantExperiment(spec, index)),
    true,
  );
  expect(listed.map(({ name }) => name)).toEqual(['stream', 'brokers', 'stream again']);
  const planned = plan.map(({ name, resources }) => ({
    name,
    addresses: resources.map(({ address }) => address),
  }));
  expect(planned).toEqual(listed.map((one) => ({ ...one, addresses: one.addresses.toSorted() })));
  const all = plan.flatMap(({ resources }) => resources);
  expect(new Set(all.map(({ action }) => action))).toEqual(new Set(['create']));
  expect(all.filter(({ address, type }) => !address?.includes(`${type}.`))).toEqual([]);
  expect(all.filter((one) => Object.keys(one).length !== 3)).toEqual([]);
});

test('without credentials it is refused, with what to give', async () => {
  const { exitCode, stdout, stderr } = await validate(['--json'], {});
  expect(stderr).toMatch(
    /^stream and stream again: .*CredentialsProviderError.*AWS_ACCESS_KEY_ID.*AWS_PROFILE/,
  );
  expect(JSON.parse(stdout)).toMatchObject({ status: 400, title: 'Wrong use' });
  expect(exitCode).toBe(2);
});

/** The emulator, but for one call of EC2, which it denies as AWS does. */
async function denying(action: string): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (body.includes(`Action=${action}&`)) {
      const text = 'You are not authorized to perform this operation.';
      const error = `<Error><Code>UnauthorizedOperation</Code><Message>${text}</Message></Error>`;
      response.writeHead(403, { 'content-type': 'text/xml' });
      response.end(`<Response><Errors>${error}</Errors><RequestID>r-1</RequestID></Response>`);
      return;
    }
    const { method = 'GET', url = '/', headers } = request;
    const passed = forward(`${emulator.url}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

test('a call that AWS denies is told in terraform’s words, with what to allow', async () => {
  const door = await denying('DescribeAvailabilityZones');
  const { exitCode, stdout, stderr } = await validate([], { ...credentials, AWS_ENDPOINT_URL: door.url });
  door.close();
  expect(stderr).toMatch(
    /^stream and stream again: terraform plan failed with exit code 1: .*UnauthorizedOperation.*\n(.*\n)*Allow these credentials what terraform\/aws-policy\.json lists/,
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

test('Ctrl-C ends terraform and removes what it worked in', async () => {
  const running = validate([]);
  await until(
    'terraform runs',
    () => findVariableValues(experimentEnvironment.runFolder, temporary).length > 0,
  );
  running.kill('SIGINT');
  expect(await running).toMatchObject({ exitCode: 130, stdout: '' });
});
