import type { Config } from '../config.ts';
import type { PortName } from './ports/choose-ports.ts';
import type { Ports } from './ports/kept-ports.ts';
import type { AwsKeys } from './processes/aws-keys.ts';
import type { Servers } from './processes/environment.ts';
import type { ProcessName } from './processes/stack-process.ts';

/** What a stack starts, and where it and the servers that it does not start are. */
export interface StackPlan {
  names: readonly ProcessName[];
  ports: Partial<Ports>;
  servers: Servers;
  /** The settings as given: they say which servers are the user's own. */
  config: Config;
  /** The settings with the addresses of the stack's own servers filled in. */
  settled: Config;
}

/** The processes of a stack, of those that are wanted. A server that the settings name is never started. */
export function processesToStart(config: Config, wanted: readonly ProcessName[]): ProcessName[] {
  return wanted.filter(
    (name) => !(name === 'aws' && !emulatesAws(config)) && !(name === 'temporal' && config.temporal.address),
  );
}

/** Whether AWS is emulated here: not where the settings lead elsewhere, nor where they name accounts of AWS itself. */
export function emulatesAws({ aws, cloud }: Config): boolean {
  return aws.endpointUrl === null && cloud.accounts.length === 0;
}

/** The ports that these processes need, beside the API's, which the settings name. */
export function portsNeeded(names: readonly ProcessName[]): PortName[] {
  return [
    ...(names.includes('temporal') ? (['temporal', 'temporalUi'] as const) : []),
    ...(names.includes('aws') ? (['aws'] as const) : []),
    ...(names.includes('worker') ? (['workerMetrics'] as const) : []),
  ];
}

/**
 * @param names of the processes to start
 * @param ports that were settled for them
 * @param keys of the embedded emulator; not looked at where the settings name another one
 */
export function planStack(
  config: Config,
  names: readonly ProcessName[],
  ports: Partial<Ports>,
  keys: AwsKeys | null,
): StackPlan {
  const servers = locateServers(config, ports, keys);
  const settled: Config = {
    ...config,
    temporal: { ...config.temporal, address: servers.temporal.address, uiUrl: servers.temporal.uiUrl },
    aws: { ...config.aws, endpointUrl: servers.aws.url },
  };
  return { names, ports, servers, config, settled };
}

function locateServers(config: Config, ports: Partial<Ports>, keys: AwsKeys | null): Servers {
  const { address, uiUrl } = config.temporal;
  return {
    temporal: address
      ? { address, uiUrl }
      : { address: `127.0.0.1:${ports.temporal}`, uiUrl: uiUrl ?? `http://127.0.0.1:${ports.temporalUi}` },
    aws: emulatesAws(config)
      ? { url: `http://127.0.0.1:${ports.aws}`, keys }
      : { url: config.aws.endpointUrl, keys: null },
  };
}
