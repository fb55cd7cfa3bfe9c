import { devNull } from 'node:os';
import { resolve } from 'node:path';
import { type Config, inheritedEnvironment, projectRoot } from '../../config.ts';
import { type Environment, pickInherited } from '../../machine/inherited-environment.ts';
import type { AwsKeys } from './aws-keys.ts';

/** Where the servers of a stack are, embedded or the user's own. */
export interface Servers {
  temporal: { address: string; uiUrl: string | null };
  /** `keys` of the embedded emulator; null for what the user brought, with credentials of their own; no URL for AWS itself. */
  aws: { url: string | null; keys: AwsKeys | null };
}

/** What a server of ours gets. */
export function serverEnvironment(inherited = inheritedEnvironment()): Environment {
  return pickInherited(inherited);
}

/** Files of Temporal's settings are looked for from where we are, not from where a process of ours is. */
function absolutePath(name: string, value: string | undefined): string | undefined {
  return value && /^TEMPORAL_(CONFIG_FILE|TLS_.*_PATH)$/.test(name) ? resolve(projectRoot, value) : value;
}

/** What the worker and the API get: the person's environment, less what must not reach them, and our settings. */
export function programEnvironment(
  config: Config,
  servers: Servers,
  inherited = inheritedEnvironment(),
): Environment {
  const embeddedTemporal = config.temporal.address === null;
  const kept = Object.entries(inherited).filter(([name]) => {
    if (/^(TF_|npm_)/.test(name)) return false;
    // Beside the emulator, a person's real account and endpoints must be out of reach.
    if (servers.aws.keys && name.startsWith('AWS_')) return false;
    // Nor may what lets them into another Temporal reach the embedded one.
    return !(embeddedTemporal && name.startsWith('TEMPORAL_'));
  });
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, absolutePath(name, value)])),
    COMPARATOR_HOME: config.home,
    COMPARATOR_TOOLS: config.tools,
    COMPARATOR_HOST: config.api.host,
    COMPARATOR_PORT: String(config.api.port),
    ...(config.api.keys.length > 0 && { COMPARATOR_API_KEYS: config.api.keys.join() }),
    COMPARATOR_API_KEYS_FILE: config.api.keysFile ?? undefined,
    COMPARATOR_RESULTS_BUCKET: config.resultsBucket,
    COMPARATOR_RETENTION_DAYS: config.retentionDays?.toString(),
    COMPARATOR_TEMPORAL_UI_URL: servers.temporal.uiUrl ?? undefined,
    COMPARATOR_TERRAFORM_MIRROR: config.terraformMirror ?? undefined,
    COMPARATOR_PRICES: config.pricesFile ?? undefined,
    COMPARATOR_CLUSTERS: config.clustersFile ?? undefined,
    TEMPORAL_ADDRESS: servers.temporal.address,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
    AWS_ENDPOINT_URL: servers.aws.url ?? undefined,
    AWS_REGION: config.aws.region,
    ...(servers.aws.keys && {
      AWS_ACCESS_KEY_ID: servers.aws.keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: servers.aws.keys.secretAccessKey,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
    }),
  };
}
