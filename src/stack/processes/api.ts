import { join } from 'node:path';
import { type Config, projectRoot } from '../../config.ts';
import { programEnvironment, type Servers } from './environment.ts';
import { logFile } from './log-file.ts';
import { type StackProcess, stopGraceMs } from './stack-process.ts';

/** The HTTP API and the web page. */
export function apiProcess(config: Config, servers: Servers): StackProcess {
  return {
    name: 'api',
    command: {
      file: process.execPath,
      args: [join(projectRoot, 'src', 'api', 'server.ts')],
      cwd: projectRoot,
      environment: programEnvironment(config, servers),
      logFile: logFile(config, 'api'),
    },
    isReady: async () => (await fetch(`${apiUrl(config)}/readyz`)).status === 200,
    readyTimeoutMs: 60_000,
    stopGraceMs: stopGraceMs.api,
  };
}

/** Where programs on this machine reach the API: one that listens everywhere is reached on loopback. */
export function apiUrl(config: Config): string {
  const { host, port } = config.api;
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
