import { join } from 'node:path';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { type Environment, pickInherited } from '../../../src/machine/inherited-environment.ts';
import { temporalAccessNames } from '../../../src/temporal-server.ts';
import { temporaryFolder } from './temporary.ts';

/** What terraform, its providers and Java need beside the basics. TF_… is not among it: it changes what terraform does. */
const more =
  /^(AWS_.*|JAVA_HOME|NODE_EXTRA_CA_CERTS|SSL_CERT_DIR|SSL_CERT_FILE|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy)$/;

export interface TerraformPlace {
  experimentId: string;
  home: string;
  runFolder: string;
  terraformData: string;
  cliConfig: string;
  node: string;
  launcher: string;
  /** The file of the user's clusters; null where there is none. */
  clustersFile: string | null;
  region: string;
  /** Set for an emulator, which takes any credentials. */
  endpointUrl: string | null;
}

/** The whole environment of a terraform and its supervisor. */
export function terraformEnvironment(inherited: Environment, place: TerraformPlace): Environment {
  const emulatorCredentials = place.endpointUrl
    ? { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
    : {};
  const temporary = temporaryFolder(place.home);
  return {
    ...emulatorCredentials,
    // Of Temporal, for the load generators, which terraform starts.
    ...pickInherited(inherited, (name) => more.test(name) || temporalAccessNames.test(name)),
    // What Node has compiled: supervisors, launchers and load generators are there sooner.
    NODE_COMPILE_CACHE: inherited.NODE_COMPILE_CACHE ?? join(place.home, 'cache', 'node'),
    ...(temporary === null ? {} : { TMPDIR: temporary }),
    AWS_REGION: place.region,
    TF_CLI_CONFIG_FILE: place.cliConfig,
    // One for each experiment: terraform's shared plugin cache is not safe when several initialise at once.
    TF_DATA_DIR: place.terraformData,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    COMPARATOR_HOME: place.home,
    COMPARATOR_NODE: place.node,
    COMPARATOR_LAUNCHER: place.launcher,
    ...(place.clustersFile === null ? {} : { COMPARATOR_CLUSTERS: place.clustersFile }),
    [experimentEnvironment.experimentId]: place.experimentId,
    [experimentEnvironment.runFolder]: place.runFolder,
  };
}

/** The S3 backend's settings, for `terraform init -backend-config`. Credentials come from the environment. */
export function backendConfig(place: {
  bucket: string;
  key: string;
  region: string;
  endpointUrl: string | null;
}): Record<string, unknown> {
  return {
    bucket: place.bucket,
    key: place.key,
    region: place.region,
    ...(place.endpointUrl
      ? {
          endpoints: { s3: place.endpointUrl },
          use_path_style: true,
          skip_credentials_validation: true,
          skip_metadata_api_check: true,
          skip_region_validation: true,
          skip_requesting_account_id: true,
          skip_s3_checksum: true,
        }
      : {}),
  };
}
