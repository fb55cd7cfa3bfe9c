import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { type Config, readConfig } from '../../src/config.ts';
import type { ExperimentDetail } from '../../src/contracts/documents/api.ts';
import type { Phase } from '../../src/contracts/documents/progress.ts';
import type { ProcessName } from '../../src/stack/processes/stack-process.ts';
import { ensureTools } from '../../src/stack/setup/ensure.ts';
import { type RunningStack, startStack } from '../../src/stack/stack.ts';
import { freePort } from './free-port.ts';
import { findRemains, type Remains } from './oracles.ts';
import { until } from './until.ts';

/** A whole embedded stack on a home and ports of its own, as users run it. */
export interface TestStack {
  config: Config;
  stack: RunningStack;
  home: string;
  client: Client;
  /** Calls the API; `body` is sent as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Posts an experiment and answers its id. */
  submit(experiment: unknown): Promise<string>;
  detail(id: string): Promise<ExperimentDetail>;
  /** Cancels one by the API, which must take it. */
  cancel(id: string): Promise<void>;
  /** Waits until an experiment has reached one of the phases. */
  untilPhase(id: string, ...phases: Phase[]): Promise<ExperimentDetail>;
  remains(): Promise<Remains>;
  end(): Promise<void>;
}

const oddName = 'Prüfung a, b : c';

/**
 * Starts one; its reports of crashed processes go to `report`.
 * @param environment of its own, beside that of the tests
 * @param processes all but those that it does without
 */
export async function startTestStack(
  report: (line: string) => void = () => {},
  environment: Record<string, string> = {},
  processes?: readonly ProcessName[],
): Promise<TestStack> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-e2e-')));
  // As some people's folders are called; whatever a product or a tool does with paths must take them.
  const home = join(folder, oddName);
  mkdirSync(home);
  const config = readConfig({
    ...process.env,
    COMPARATOR_HOME: home,
    COMPARATOR_PORT: String(await freePort()),
    TEMPORAL_ADDRESS: '',
    AWS_ENDPOINT_URL: '',
    ...environment,
  });
  await ensureTools(config, () => {});
  const stack = await startStack(config, { report, ...(processes ? { processes } : {}) }).catch((error) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const connection = await Connection.connect({
    address: stack.description.temporal.address,
    ...config.temporal.access,
  });
  const call: TestStack['call'] = (method, path, body, headers = {}) =>
    fetch(`${stack.description.api.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
  const detail = async (id: string) =>
    (await (await call('GET', `/api/experiments/${id}`)).json()) as ExperimentDetail;
  return {
    config,
    stack,
    home,
    client: new Client({ connection }),
    call,
    async submit(experiment) {
      const answer = await call('POST', '/api/experiments', experiment);
      const body = (await answer.json()) as { id: string };
      if (answer.status !== 202) throw new Error(`POST answered ${answer.status}: ${JSON.stringify(body)}`);
      return body.id;
    },
    detail,
    async cancel(id) {
      const answer = await until('the server to answer a cancel', async () => {
        const now = await call('POST', `/api/experiments/${id}/cancel`);
        // Where Temporal is busy it says so, and whoever asked asks again.
        return now.status !== 503 && now;
      });
      if (answer.status !== 202) throw new Error(`cancel answered ${answer.status}: ${await answer.text()}`);
    },
    async untilPhase(id, ...phases) {
      const wanted = phases.join(' or ');
      const found = await until(
        `${id} to be ${wanted}`,
        async () => {
          const now = await detail(id);
          if (!phases.includes(now.phase) && now.phase !== 'closed')
            throw new Error(`it is ${now.phase}, and waits: ${JSON.stringify(now.waiting)}`);
          return now;
        },
        { timeoutMs: 300_000, everyMs: 100 },
      );
      if (phases.includes(found.phase)) return found;
      throw new Error(`${id} closed before it was ${wanted}: ${JSON.stringify(found.failure)}`);
    },
    remains: () => findRemains(home, stack.description.aws),
    async end() {
      await connection.close();
      await stack.stop();
      const strays = readdirSync(folder).filter((name) => name !== oddName);
      rmSync(folder, { recursive: true, force: true });
      if (strays.length > 0) throw new Error(`${strays.join(', ')} was written outside the home`);
    },
  };
}
