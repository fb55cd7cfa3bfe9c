import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { writeJsonAtomic } from '../../machine/atomic-file.ts';
import { isPortFree, portOrder, portRange } from '../../machine/free-port.ts';
import { PortError, type Ports, readPorts } from './kept-ports.ts';
import { claimedByOthers, recordClaims, withClaims } from './port-claims.ts';

export type PortName = keyof Ports;

const defaults: Ports = { temporal: 7233, temporalUi: 8233, aws: 4566, workerMetrics: 9464 };
const settings: Record<PortName, string> = {
  temporal: 'COMPARATOR_TEMPORAL_PORT',
  temporalUi: 'COMPARATOR_TEMPORAL_UI_PORT',
  aws: 'COMPARATOR_AWS_PORT',
  workerMetrics: 'COMPARATOR_WORKER_METRICS_PORT',
};
const labels: Record<PortName, string> = {
  temporal: 'the Temporal server',
  temporalUi: 'the Temporal Web UI',
  aws: 'the AWS emulator',
  workerMetrics: "the worker's metrics",
};

export interface PortQuestion {
  /** The ports that are needed; others are left out. */
  names: readonly PortName[];
  /** By the settings. */
  asked: Record<PortName, number | null>;
  /** By an earlier start on this home, from `portsFile`. */
  kept: Partial<Ports>;
  portsFile: string;
  /** Where the search begins, so that different homes search in different places. */
  seed: number;
  /** Ports that must not be chosen whatever they are. */
  reserved: readonly number[];
  isFree(port: number): Promise<boolean>;
  /** Another stack's, even if nothing listens there now. */
  isClaimed(port: number): boolean;
}

/**
 * Decides on the ports: those asked for, else those kept, else the defaults, else free ones.
 * @throws PortError when one that is asked for or kept is taken, since changing it silently would strand whoever knows it
 */
export async function choosePorts(question: PortQuestion): Promise<Partial<Ports>> {
  const chosen: Partial<Ports> = {};
  const taken = new Set(question.reserved);
  const isUsable = async (port: number) =>
    !taken.has(port) && !question.isClaimed(port) && (await question.isFree(port));
  for (const name of question.names) {
    const asked = question.asked[name];
    const kept = question.kept[name];
    if (asked !== null) {
      if (taken.has(asked)) {
        throw new PortError(
          `${settings[name]}=${asked}: this port is already that of another process of the stack.`,
        );
      }
      if (!(await question.isFree(asked))) {
        throw new PortError(
          `Port ${asked} for ${labels[name]} (${settings[name]}) is taken by another program.`,
        );
      }
      chosen[name] = asked;
    } else if (kept !== undefined) {
      if (taken.has(kept) || !(await question.isFree(kept))) {
        throw new PortError(
          `Port ${kept}, which ${labels[name]} of this home has had since its first start, is taken by another ` +
            `program. It is not changed by itself, since running load generators know it. End the program that has ` +
            `it; or, if no experiment of this home runs, choose another with ${settings[name]} or delete ${question.portsFile}.`,
        );
      }
      chosen[name] = kept;
    } else {
      chosen[name] = (await isUsable(defaults[name]))
        ? defaults[name]
        : await search(question.seed, isUsable);
    }
    taken.add(chosen[name] as number);
  }
  return chosen;
}

async function search(seed: number, isUsable: (port: number) => Promise<boolean>): Promise<number> {
  for (const port of portOrder(seed)) {
    if (await isUsable(port)) return port;
  }
  throw new PortError(`There is no free port between ${portRange.first} and ${portRange.last}.`);
}

/**
 * Settles the ports of this home: chooses them once and keeps them in `ports.json`. Two stacks that start at once do
 * not get the same.
 * @throws PortError when a port is taken, the API's included
 */
export async function settlePorts(
  config: Config,
  names: readonly PortName[],
  withApi: boolean,
): Promise<Partial<Ports>> {
  const portsFile = join(config.home, 'ports.json');
  return withClaims(async (claims) => {
    const claimed = claimedByOthers(claims, config.home);
    if (withApi && (claimed.has(config.api.port) || !(await isPortFree(config.api.port, config.api.host)))) {
      throw new PortError(
        `Port ${config.api.port} for the API and the web page is taken by another program. ` +
          `Choose another with COMPARATOR_PORT, for example: COMPARATOR_PORT=${config.api.port + 100} npm start`,
      );
    }
    const kept = readPorts(portsFile);
    const chosen = await choosePorts({
      names,
      asked: config.stackPorts,
      kept,
      portsFile,
      seed: createHash('sha256').update(config.home).digest().readUInt32BE(0),
      reserved: withApi ? [config.api.port] : [],
      isFree: isPortFree,
      isClaimed: (port) => claimed.has(port),
    });
    writeJsonAtomic(portsFile, { ...kept, ...chosen });
    const all = [...Object.values(chosen), ...(withApi ? [config.api.port] : [])];
    return { result: chosen, claims: recordClaims(claims, config.home, all) };
  });
}
