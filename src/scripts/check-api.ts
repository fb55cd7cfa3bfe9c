import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../cli/say.ts';
import { inheritedEnvironment, readConfig } from '../config.ts';
import { findFreePorts } from '../machine/free-port.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { startStack } from '../stack/stack.ts';
import { ensurePythonTool } from './support/python-tool.ts';
import { runProgram } from './support/run-program.ts';
import { runScript } from './support/run-script.ts';

/** For each call of the document and each way of making requests; together beyond 10,000 requests. */
const examples = { full: 400, quick: 20 };

/**
 * `npm run check:api`: schemathesis makes requests from the OpenAPI document, right and wrong ones, to an API over a real
 * Temporal and an emulated S3, and none may end in a server error; `-- --quick` makes few. Without a worker, so that what
 * is accepted waits; the streams of events, which do not end, and the reaper, which a worker runs, are left out.
 */
await runScript(async () => {
  const quick = process.argv.includes('--quick');
  const home = mkdtempSync(join(tmpdir(), 'comparator-check-api-'));
  const [port] = await findFreePorts(1);
  const config = readConfig({
    ...inheritedEnvironment(),
    ...{ COMPARATOR_HOME: home, COMPARATOR_PORT: String(port), COMPARATOR_TOOLS: readConfig().tools },
    ...{ COMPARATOR_API_KEYS: '', COMPARATOR_API_KEYS_FILE: '', TEMPORAL_ADDRESS: '', AWS_ENDPOINT_URL: '' },
  });
  await ensureTools(config, say);
  const schemathesis = await ensurePythonTool(config, 'schemathesis', say);
  const stack = await startStack(config, { processes: ['aws', 'temporal', 'api'], report: say });
  try {
    const { url } = stack.description.api;
    return await runProgram(schemathesis, [
      ...['run', `${url}/openapi.json`, '--checks', 'not_a_server_error'],
      ...['--max-examples', String(quick ? examples.quick : examples.full)],
      ...['--exclude-path-regex', '/events$|/api/reap$', '--request-timeout', '30', '--no-color'],
      ...process.argv.slice(2).filter((argument) => argument !== '--quick'),
    ]);
  } finally {
    await stack.stop();
    rmSync(home, { recursive: true, force: true });
  }
});
