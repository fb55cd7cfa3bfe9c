import { z } from 'zod';
import { explainIssue } from './contracts/input/explain-issue.ts';
import { cloudEnvironment } from './machine/cloud/settings.ts';
import { UserError, wrongUse } from './user-error.ts';

const ofPort = 'must be the number of a port, from 1 to 65535';
const port = z.coerce.number(ofPort).int(ofPort).min(1, ofPort).max(65_535, ofPort);
const ofDays = 'must be a number of days, more than 0 and at most 36500';
const ofUrl = 'must be a URL, such as http://127.0.0.1:3000';

const said = z.string().regex(/\S/, 'is blank; give it a value, or unset it');

/** Whoever sets it wants a key to be asked for: a value that holds none would leave the API open. */
const keyList = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((key) => key.trim())
      .filter(Boolean),
  )
  .refine((keys) => keys.length > 0, 'holds no key; give one or several, separated by commas, or unset it')
  .refine(
    (keys) => keys.every((key) => !/\s/.test(key)),
    'holds a key with a blank in it, which no client could send; separate keys by commas',
  );

/** A whole number of something, from 1. */
function count(what: string, most: number) {
  const says = `must be a number of ${what}, from 1 to ${most}`;
  return z.coerce.number(says).int(says).min(1, says).max(most, says);
}

/** Every variable that is ours to read, as it may be written. */
export const environmentSchema = z.object({
  COMPARATOR_HOME: said.default('.comparator'),
  COMPARATOR_TOOLS: said.optional(),
  COMPARATOR_PORT: port.default(3000),
  COMPARATOR_HOST: said.default('127.0.0.1'),
  COMPARATOR_API_KEYS: keyList.default([]),
  COMPARATOR_API_KEYS_FILE: said.optional(),
  COMPARATOR_REQUESTS_PER_MINUTE: count('requests', 1_000_000).default(1_200),
  COMPARATOR_URL: z.url({ protocol: /^https?$/, error: ofUrl }).optional(),
  COMPARATOR_RESULTS_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a valid S3 bucket name, such as comparator-results')
    .default('comparator-results'),
  COMPARATOR_RETENTION_DAYS: z.coerce.number(ofDays).positive(ofDays).max(36_500, ofDays).optional(),
  COMPARATOR_TERRAFORM_MIRROR: said.optional(),
  COMPARATOR_PRICES: said.optional(),
  COMPARATOR_CLUSTERS: said.optional(),
  COMPARATOR_TEMPORAL_PORT: port.optional(),
  COMPARATOR_TEMPORAL_UI_PORT: port.optional(),
  COMPARATOR_AWS_PORT: port.optional(),
  COMPARATOR_AWS_ACCOUNTS: cloudEnvironment.COMPARATOR_AWS_ACCOUNTS,
  COMPARATOR_AWS_REGIONS: cloudEnvironment.COMPARATOR_AWS_REGIONS,
  COMPARATOR_AWS_NETWORK: cloudEnvironment.COMPARATOR_AWS_NETWORK,
  COMPARATOR_GENERATOR_IMAGE: cloudEnvironment.COMPARATOR_GENERATOR_IMAGE,
  COMPARATOR_GENERATOR_SECRETS: cloudEnvironment.COMPARATOR_GENERATOR_SECRETS,
  COMPARATOR_WORKER_METRICS_PORT: port.optional(),
  COMPARATOR_WORKER_METRICS_HOST: said.default('127.0.0.1'),
  COMPARATOR_TERRAFORMS_AT_ONCE: count('terraforms', 100).default(4),
  COMPARATOR_ACTIVITIES_AT_ONCE: count('activities', 10_000).default(100),
  COMPARATOR_WORKFLOW_TASKS_AT_ONCE: count('workflow tasks', 1_000).default(2),
  COMPARATOR_CACHED_WORKFLOWS: count('workflows', 100_000).default(200),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url(ofUrl).optional(),
  TEMPORAL_ADDRESS: said.optional(),
  COMPARATOR_TEMPORAL_UI_URL: z.url(ofUrl).optional(),
  TEMPORAL_NAMESPACE: said.optional(),
  AWS_REGION: said.default('us-east-1'),
  AWS_ENDPOINT_URL: z.url(ofUrl).optional(),
});

/** Settings in the environment that cannot be used; `message` names each variable and what is wrong with it. */
export class ConfigError extends UserError {
  override name = 'ConfigError';

  constructor(message: string) {
    super(message, wrongUse);
  }
}

/** @throws ConfigError when a variable cannot be used */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): z.infer<Schema> {
  // An empty variable means unset: that is how shells and compose files pass "nothing".
  const set = Object.entries(environment).filter(([, value]) => value !== '');
  // A blank or a line break at the end comes from a file that the value was read from. What is blank stays, to be refused.
  const given = Object.fromEntries(set.map(([name, value]) => [name, value?.trim() || value]));
  const parsed = schema.safeParse(given, { error: explainIssue });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`These environment variables cannot be used:\n${lines.join('\n')}`);
}
