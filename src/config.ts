import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { idSchema } from './contracts/input/ids.ts';
import { priceBookOf } from './contracts/input/prices/price-file.ts';
import {
  experimentEnvironment,
  loadGeneratorEnvironment,
} from './contracts/temporal/infrastructure-activities.ts';
import { ConfigError, environmentSchema, parseEnvironment } from './environment.ts';
import { type CloudSettings, cloudProblem, cloudSettingsOf } from './machine/cloud/settings.ts';
import { isLoopbackHost } from './machine/loopback-door.ts';
import { userName } from './machine/user-name.ts';
import { readSettingsFile } from './machine/written/settings-file.ts';
import type { PriceBook } from './technologies/prices.ts';
import { listPrices } from './technologies/registry.ts';
import { type TemporalAccess, type TemporalServer, temporalServer } from './temporal-server.ts';

/** The folder that holds package.json. */
export const projectRoot = resolve(fileURLToPath(import.meta.url), '..', '..');

/** The release that this is, as `package.json` has it. */
export function readVersion(): string {
  return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;
}

/** Where the web page lies once it is built, with the script of HTML reports: beside the sources it is built from. */
export const builtPage = join(projectRoot, '.comparator', 'page');

/** Where the parts of the comparator find each other and keep their files. */
export interface Config {
  /** Databases, run folders and logs; absolute. */
  home: string;
  /** What set-up installs; absolute, may be shared between homes. */
  tools: string;
  api: {
    host: string;
    port: number;
    /** Bearer keys; empty means that none is asked for, which is allowed on loopback only. */
    keys: string[];
    /** The file of keys with names and roles, absolute, or null; who serves reads it, again and again. */
    keysFile: string | null;
    /** Requests that a key may make in a minute, of one process of the API. */
    requestsPerMinute: number;
    /** Where the commands find the API, or null to look for the stack of this home. */
    url: string | null;
  };
  temporal: {
    /** host:port; null means the embedded server, whose address the stack chooses. */
    address: string | null;
    namespace: string;
    /** How a server of one's own lets us in. */
    access: TemporalAccess;
    /** Where people see the Temporal Web UI, or null when that is not known. */
    uiUrl: string | null;
  };
  aws: {
    region: string;
    /** null means AWS itself where accounts are named, else the embedded emulator, whose address the stack chooses. */
    endpointUrl: string | null;
  };
  /** What experiments may use of AWS, and why they may not. */
  cloud: CloudSettings & { problem: string | null };
  resultsBucket: string;
  worker: WorkerTuning;
  /** Whether traces go where OpenTelemetry's own variables say. */
  isTraced: boolean;
  /** For how many days closed experiments and comparisons are kept; null for ever. */
  retentionDays: number | null;
  /** A filesystem mirror of Terraform providers, or null to look in the usual places. */
  terraformMirror: string | null;
  /** The file of prices in place of built-in ones, absolute, or null; and all the prices that hold. */
  pricesFile: string | null;
  prices: PriceBook;
  /** The file that says where clusters of the user's are and who one is there, absolute, or null; whoever connects reads it. */
  clustersFile: string | null;
  /** Ports asked for by the user; null lets the stack choose a free one and keep it. */
  stackPorts: {
    temporal: number | null;
    temporalUi: number | null;
    aws: number | null;
    /** A worker that is started alone serves its metrics here, or none. */
    workerMetrics: number | null;
  };
}

/** How much a worker does at once. */
export interface WorkerTuning {
  /** Terraforms, so that destroys of many do not take the machine from what is measured. */
  terraformsAtOnce: number;
  /** Other activities: calls of S3 and Temporal. */
  activitiesAtOnce: number;
  workflowTasksAtOnce: number;
  /** Workflows that are kept in memory between their tasks; each takes about 2 MB. */
  cachedWorkflows: number;
  /** Where its metrics listen, where they do. */
  metricsHost: string;
}

/** Where Temporal's own tools look when nothing else is said. */
export const defaultTemporalAddress = '127.0.0.1:7233';
const defaultNamespace = 'default';

/**
 * Reads the settings from the environment.
 * @throws ConfigError when a variable cannot be used
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // As AWS's own tools have it.
  const AWS_REGION = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  const env = parseEnvironment(environmentSchema, { ...environment, AWS_REGION });
  const absolute = (path: string) => (isAbsolute(path) ? path : join(projectRoot, path));
  const temporal = readTemporal(environment);
  const home = absolute(env.COMPARATOR_HOME);
  const cloud = cloudSettingsOf(env, env.AWS_REGION);
  const aws = { region: env.AWS_REGION, endpointUrl: env.AWS_ENDPOINT_URL ?? null };
  const problem = cloudProblem({ cloud, aws, temporalAddress: temporal.address });
  const pricesFile = env.COMPARATOR_PRICES ? absolute(env.COMPARATOR_PRICES) : null;
  return {
    home,
    tools: env.COMPARATOR_TOOLS ? absolute(env.COMPARATOR_TOOLS) : join(home, 'tools'),
    api: {
      host: env.COMPARATOR_HOST,
      port: env.COMPARATOR_PORT,
      keys: env.COMPARATOR_API_KEYS,
      keysFile: env.COMPARATOR_API_KEYS_FILE ? absolute(env.COMPARATOR_API_KEYS_FILE) : null,
      requestsPerMinute: env.COMPARATOR_REQUESTS_PER_MINUTE,
      url: env.COMPARATOR_URL ?? null,
    },
    temporal: {
      address: temporal.address,
      namespace: temporal.namespace ?? defaultNamespace,
      access: temporal.access,
      uiUrl: env.COMPARATOR_TEMPORAL_UI_URL ?? null,
    },
    aws,
    cloud: { ...cloud, problem },
    resultsBucket: env.COMPARATOR_RESULTS_BUCKET,
    worker: {
      terraformsAtOnce: env.COMPARATOR_TERRAFORMS_AT_ONCE,
      activitiesAtOnce: env.COMPARATOR_ACTIVITIES_AT_ONCE,
      workflowTasksAtOnce: env.COMPARATOR_WORKFLOW_TASKS_AT_ONCE,
      cachedWorkflows: env.COMPARATOR_CACHED_WORKFLOWS,
      metricsHost: env.COMPARATOR_WORKER_METRICS_HOST,
    },
    isTraced: env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    retentionDays: env.COMPARATOR_RETENTION_DAYS ?? null,
    terraformMirror: env.COMPARATOR_TERRAFORM_MIRROR ? absolute(env.COMPARATOR_TERRAFORM_MIRROR) : null,
    pricesFile,
    prices: pricesFile ? readPrices(pricesFile, env.AWS_REGION) : listPrices,
    clustersFile: clustersFile(environment),
    stackPorts: {
      temporal: env.COMPARATOR_TEMPORAL_PORT ?? null,
      temporalUi: env.COMPARATOR_TEMPORAL_UI_PORT ?? null,
      aws: env.COMPARATOR_AWS_PORT ?? null,
      workerMetrics: env.COMPARATOR_WORKER_METRICS_PORT ?? null,
    },
  };
}

/** @throws ConfigError when it cannot be used */
function readTemporal(environment: NodeJS.ProcessEnv): TemporalServer {
  try {
    return temporalServer(environment);
  } catch (error) {
    throw new ConfigError(
      `The Temporal server that the environment names cannot be used:\n  ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** The file of the user's clusters, absolute; null where none is named. */
export function clustersFile(environment: NodeJS.ProcessEnv = process.env): string | null {
  const schema = environmentSchema.pick({ COMPARATOR_CLUSTERS: true });
  const { COMPARATOR_CLUSTERS: file } = parseEnvironment(schema, environment);
  return file ? resolve(projectRoot, file) : null;
}

/** What a load generator needs of its environment to get into Amazon MSK. */
export interface MskEnvironment {
  region: string;
  /** A secret as it was stored, where ECS put one; null for none. */
  kafkaCredentials: string | null;
}

export function mskEnvironment(environment: NodeJS.ProcessEnv = process.env): MskEnvironment {
  const schema = environmentSchema.pick({ AWS_REGION: true });
  return {
    region: parseEnvironment(schema, environment).AWS_REGION,
    kafkaCredentials: environment.COMPARATOR_KAFKA_CREDENTIALS || null,
  };
}

/** The file that a load generator writes once it polls its task queue; null where none is named. */
export function readyFile(environment: NodeJS.ProcessEnv = process.env): string | null {
  return environment[loadGeneratorEnvironment.readyFile] || null;
}

/** Where the agent of the container that this runs in answers, as ECS says it; null elsewhere. */
export function containerAgentUri(environment: NodeJS.ProcessEnv = process.env): string | null {
  return environment.ECS_AGENT_URI || null;
}

/** @throws ConfigError when the file is not there, or says what cannot be used */
function readPrices(path: string, region: string): PriceBook {
  return readSettingsFile(
    { path, variable: 'COMPARATOR_PRICES', topic: 'prices' },
    (document) => priceBookOf(document, region, listPrices),
    (message) => new ConfigError(message),
  ).book;
}

/** What a load generator process needs to take its place; terraform hands it over. */
export interface LoadGeneratorConfig {
  experimentId: string;
  /** Number of the load generator process, from 0. */
  generator: number;
  resultsBucket: string;
  /** Where the experiment's processes on this machine are registered; null where there are none. */
  runFolder: string | null;
  /** Written once the generator polls its task queue; null to write none. */
  readyFile: string | null;
  temporal: { address: string; namespace: string; access: TemporalAccess };
  aws: { region: string; endpointUrl: string | null };
}

const loadGeneratorSchema = environmentSchema
  .pick({ TEMPORAL_NAMESPACE: true, AWS_REGION: true, AWS_ENDPOINT_URL: true })
  .extend({
    [loadGeneratorEnvironment.experimentId]: idSchema,
    [loadGeneratorEnvironment.generator]: z.coerce.number().int().min(0).default(0),
    [loadGeneratorEnvironment.resultsBucket]: z.string().min(1),
    [loadGeneratorEnvironment.readyFile]: z.string().min(1).optional(),
    [experimentEnvironment.runFolder]: z.string().min(1).optional(),
    TEMPORAL_ADDRESS: z.string().min(1),
  });

/**
 * Reads a load generator's settings from the environment.
 * @throws ConfigError when a variable is missing or cannot be used
 */
export function readLoadGeneratorConfig(environment: NodeJS.ProcessEnv = process.env): LoadGeneratorConfig {
  const env = parseEnvironment(loadGeneratorSchema, environment);
  return {
    experimentId: env[loadGeneratorEnvironment.experimentId],
    generator: env[loadGeneratorEnvironment.generator],
    resultsBucket: env[loadGeneratorEnvironment.resultsBucket],
    runFolder: env[experimentEnvironment.runFolder] ?? null,
    readyFile: env[loadGeneratorEnvironment.readyFile] ?? null,
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE ?? defaultNamespace,
      access: readTemporal(environment).access,
    },
    aws: { region: env.AWS_REGION, endpointUrl: env.AWS_ENDPOINT_URL ?? null },
  };
}

/** @throws ConfigError where others than this machine could use the API without a key */
export function demandKeysBeyondLoopback({ host, keys, keysFile }: Config['api']): void {
  if (keys.length > 0 || keysFile !== null || isLoopbackHost(host.includes(':') ? `[${host}]` : host)) return;
  throw new ConfigError(
    `COMPARATOR_HOST=${host} would serve beyond this machine, which needs COMPARATOR_API_KEYS or COMPARATOR_API_KEYS_FILE to be set; or leave COMPARATOR_HOST out`,
  );
}

/** Address of the API without a slash at its end: COMPARATOR_URL, else the host and port settings. */
export function apiUrl({ host, port, url }: Config['api']): string {
  return (url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`).replace(/\/+$/, '');
}

/**
 * The environment itself, for handing on to child processes. A user whom the password file does not know, as there are in
 * containers, has a name in it: the Temporal server does not start without one.
 */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  if (!process.env.USER) process.env.USER = userName({});
  return process.env;
}
