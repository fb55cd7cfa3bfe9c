import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { searchAttributes } from '../../contracts/temporal/names.ts';
import { toolPaths } from '../setup/tools.ts';
import { serverEnvironment } from './environment.ts';
import { logFile } from './log-file.ts';
import { type StackProcess, stopGraceMs } from './stack-process.ts';
import { hasSearchAttributes } from './temporal-probe.ts';
import type { InnerAddress } from './ui-door.ts';

/** Its queues of what to hand to workers are read 20 times a second, else, so that each step of a workflow waits for 25 ms. */
export const handsOverAtOnce = ['transfer', 'timer'].flatMap((queue) => [
  '--dynamic-config-value',
  `history.${queue}ProcessorMaxPollRPS=1000`,
]);

/**
 * The Temporal dev server with its Web UI, on disk in the home. Its inner ports are chosen by itself, on loopback. It keeps
 * closed workflows for a day; the records in S3 are what lasts.
 * @param ui where the Web UI listens, behind a door (ui-door.ts)
 */
export function temporalProcess(config: Config, port: number, ui: InnerAddress): StackProcess {
  const attributes = Object.entries(searchAttributes);
  return {
    name: 'temporal',
    command: {
      file: toolPaths(config).temporal,
      args: [
        ...['server', 'start-dev', '--disable-config-file', '--disable-config-env'],
        // As durable as without, but a commit is one sync instead of several, and waits for no reader.
        ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=full'],
        ...['--db-filename', join(config.home, 'temporal.db')],
        ...['--ip', '127.0.0.1', '--port', String(port)],
        ...['--ui-ip', ui.host, '--ui-port', String(ui.port), '--ui-disable-news-fetch'],
        // Its HTTP API does what any web page posts to it. It cannot be left out, but told to answer no host.
        ...['--dynamic-config-value', 'frontend.httpAllowedHosts=[]'],
        ...handsOverAtOnce,
        ...['--namespace', config.temporal.namespace, '--log-level', 'warn'],
        ...attributes.flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
      ],
      cwd: config.home,
      environment: serverEnvironment(),
      logFile: logFile(config, 'temporal'),
    },
    isReady: () => hasSearchAttributes(`127.0.0.1:${port}`, config.temporal.namespace),
    readyTimeoutMs: 60_000,
    stopGraceMs: stopGraceMs.temporal,
  };
}
