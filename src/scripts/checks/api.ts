import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../../cli/say.ts';
import { inheritedEnvironment, readConfig } from '../../config.ts';
import { findFreePorts } from '../../machine/free-port.ts';
import { ensureTools } from '../../stack/setup/ensure.ts';
import { startStack } from '../../stack/stack.ts';
import { ensurePythonTool } from '../support/python-tool.ts';
import { runProgram } from '../support/run-program.ts';
import { runScript } from '../support/run-script.ts';

/** Requests at random for each call; beside those that cover its schema, some 4,500, together beyond 10,000. */
const examples = { full: 250, quick: 10 };

/**
 * `npm run check:api`: schemathesis makes requests from the OpenAPI document, right and wrong ones, to an API over a real
 * Temporal and an emulated S3, and none may end in a server error; `-- --quick` makes few. Without a worker, so that what
 * is accepted waits; left out are the streams of events, which do not end, and the reaper and retries of a destroy, which a
 * worker answers.
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
    const requests = (phases: string, workers: number) =>
      runProgram(
        schemathesis,
        [
          ...['run', `${url}/openapi.json`, '--checks', 'not_a_server_error', '--no-color'],
          ...[
            '--exclude-path-regex',
            '/events$|/api/reap$|/retry-destroy$|/extend$',
            '--request-timeout',
            '30',
          ],
          ...['--max-examples', String(quick ? examples.quick : examples.full)],
          ...['--phases', phases, '--workers', String(workers)],
          ...process.argv.slice(2).filter((argument) => argument !== '--quick'),
        ],
        {},
        // Where it keeps what it has seen.
        home,
      );
    // What covers the schema is made by code that Python runs wrongly in several threads. Requests at random mostly wait for
    // an answer of Temporal about what no worker has taken up.
    const covering = await requests('examples,coverage', 1);
    return covering > 128 ? covering : (await requests('fuzzing', 8)) || covering;
  } finally {
    await stack.stop();
    rmSync(home, { recursive: true, force: true });
  }
});
