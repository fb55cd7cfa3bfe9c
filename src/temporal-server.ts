import { existsSync } from 'node:fs';
import { type ClientConfigProfile, loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';

/** How to be let in by a Temporal server, for every kind of connection. Empty where it asks for nothing. */
export type TemporalAccess = Pick<
  ReturnType<typeof toClientOptions>['connectionOptions'],
  'tls' | 'apiKey' | 'metadata'
>;

export interface TemporalServer {
  /** host:port; null where none is named. */
  address: string | null;
  /** null where none is named. */
  namespace: string | null;
  access: TemporalAccess;
}

/**
 * The Temporal server that the environment names, as Temporal's own tools read it: `TEMPORAL_ADDRESS`,
 * `TEMPORAL_NAMESPACE`, `TEMPORAL_TLS…`, `TEMPORAL_API_KEY`, `TEMPORAL_GRPC_META_…`, and the profile of a file where
 * `TEMPORAL_PROFILE` or `TEMPORAL_CONFIG_FILE` asks for one. Nobody's file is read unasked: it may lead to a server that
 * was not meant.
 * @throws Error that says what of it cannot be used
 * @see https://docs.temporal.io/develop/environment-configuration
 */
export function temporalServer(environment: Record<string, string | undefined>): TemporalServer {
  const given = Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
  const disableFile = !given.TEMPORAL_PROFILE && !given.TEMPORAL_CONFIG_FILE;
  // A file that is not there would be as good as none.
  if (given.TEMPORAL_CONFIG_FILE && !existsSync(given.TEMPORAL_CONFIG_FILE)) {
    throw new Error(`TEMPORAL_CONFIG_FILE: there is no file ${given.TEMPORAL_CONFIG_FILE}`);
  }
  const profile = loadClientConfigProfile({ overrideEnvVars: given, disableFile, configFileStrict: true });
  const address = profile.address ?? null;
  // What only says how to get in somewhere is for other tools of the person, unless it is said where.
  if (!address) return { address, namespace: profile.namespace ?? null, access: {} };
  demandWholeTls(profile, given);
  const { tls, apiKey, metadata } = toClientOptions(profile).connectionOptions;
  const access = {
    ...(tls !== undefined && { tls }),
    ...(apiKey && { apiKey }),
    ...(metadata && { metadata }),
  };
  return { address, namespace: profile.namespace ?? null, access };
}

/** What would else be left out in silence. */
function demandWholeTls({ tls }: ClientConfigProfile, environment: Record<string, string>): void {
  if (environment.TEMPORAL_TLS_DISABLE_HOST_VERIFICATION) {
    throw new Error(
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: is not supported; name the server by TEMPORAL_TLS_SERVER_NAME, and its authority by TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    );
  }
  if (Boolean(tls?.clientCert) === Boolean(tls?.clientKey)) return;
  const missing = tls?.clientCert ? 'TEMPORAL_TLS_CLIENT_KEY_PATH' : 'TEMPORAL_TLS_CLIENT_CERT_PATH';
  throw new Error(`${missing}: is required with the other half of the client certificate`);
}

/** Names of what is needed to be let in. They go from environment to environment, never by way of Terraform's state. */
export const temporalAccessNames =
  /^TEMPORAL_(API_KEY|PROFILE|CONFIG_FILE|TLS|TLS_(CLIENT_CERT|CLIENT_KEY|SERVER_CA_CERT)_(PATH|DATA)|TLS_SERVER_NAME|GRPC_META_.+)$/;
