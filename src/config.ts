import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The folder that holds package.json. */
export const projectRoot = resolve(fileURLToPath(import.meta.url), '..', '..');

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
  };
  temporal: {
    /** host:port; null means the embedded server, whose address the stack chooses. */
    address: string | null;
    namespace: string;
  };
  aws: {
    region: string;
    /** null means the embedded emulator, whose address the stack chooses. */
    endpointUrl: string | null;
  };
  resultsBucket: string;
  /** A filesystem mirror of Terraform providers, or null to look in the usual places. */
  terraformMirror: string | null;
  /** Ports asked for by the user; null lets the stack choose a free one and keep it. */
  stackPorts: { temporal: number | null; temporalUi: number | null; aws: number | null };
}

const port = z.coerce.number().int().min(1).max(65535);
const environmentSchema = z.object({
  COMPARATOR_HOME: z.string().min(1).default('.comparator'),
  COMPARATOR_TOOLS: z.string().min(1).optional(),
  COMPARATOR_PORT: port.default(3000),
  COMPARATOR_HOST: z.string().min(1).default('127.0.0.1'),
  COMPARATOR_API_KEYS: z.string().default(''),
  COMPARATOR_RESULTS_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a valid S3 bucket name')
    .default('comparator-results'),
  COMPARATOR_TERRAFORM_MIRROR: z.string().min(1).optional(),
  COMPARATOR_TEMPORAL_PORT: port.optional(),
  COMPARATOR_TEMPORAL_UI_PORT: port.optional(),
  COMPARATOR_AWS_PORT: port.optional(),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  AWS_REGION: z.string().min(1).default('us-east-1'),
  AWS_ENDPOINT_URL: z.url().optional(),
});

/** Settings in the environment that cannot be used; `message` names each variable and what is wrong with it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the settings from the environment.
 * @throws ConfigError when a variable cannot be used
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable means unset: that is how shells and compose files pass "nothing".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`These environment variables cannot be used:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  const absolute = (path: string) => (isAbsolute(path) ? path : join(projectRoot, path));
  const home = absolute(env.COMPARATOR_HOME);
  return {
    home,
    tools: env.COMPARATOR_TOOLS ? absolute(env.COMPARATOR_TOOLS) : join(home, 'tools'),
    api: {
      host: env.COMPARATOR_HOST,
      port: env.COMPARATOR_PORT,
      keys: env.COMPARATOR_API_KEYS.split(',')
        .map((key) => key.trim())
        .filter(Boolean),
    },
    temporal: { address: env.TEMPORAL_ADDRESS ?? null, namespace: env.TEMPORAL_NAMESPACE },
    aws: { region: env.AWS_REGION, endpointUrl: env.AWS_ENDPOINT_URL ?? null },
    resultsBucket: env.COMPARATOR_RESULTS_BUCKET,
    terraformMirror: env.COMPARATOR_TERRAFORM_MIRROR ? absolute(env.COMPARATOR_TERRAFORM_MIRROR) : null,
    stackPorts: {
      temporal: env.COMPARATOR_TEMPORAL_PORT ?? null,
      temporalUi: env.COMPARATOR_TEMPORAL_UI_PORT ?? null,
      aws: env.COMPARATOR_AWS_PORT ?? null,
    },
  };
}

/** The environment itself, for handing on to child processes. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
