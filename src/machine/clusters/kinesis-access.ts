import type { KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import { findCluster } from './cluster-files.ts';

/** Where streams are, and who one is there, as the SDK's clients take it; with the credentials of the environment where it has none. */
export type KinesisAccess = Pick<KinesisClientConfig, 'endpoint' | 'credentials'> & { region: string };

/** @throws ClusterError when the file does not name it, or the file of credentials that it names cannot be read */
export function kinesisAccess(file: string | null, name: string): KinesisAccess {
  const { cluster, files } = findCluster(file, name, 'kinesis');
  const { region, endpointUrl, credentialsFile, profile } = cluster;
  if (credentialsFile !== undefined) files.read(credentialsFile);
  return {
    region,
    ...(endpointUrl && { endpoint: endpointUrl }),
    ...(credentialsFile && {
      credentials: fromIni({
        filepath: files.path(credentialsFile),
        ...(profile && { profile }),
        ignoreCache: true,
      }),
    }),
  };
}

const refusals =
  /^(AccessDenied\w*|UnrecognizedClientException|InvalidSignatureException|ExpiredToken\w*|InvalidClientTokenId|MissingAuthenticationToken\w*|IncompleteSignature\w*|OptInRequired)$/;

/** Why the service cannot be used, and what to do; and whether it may pass by itself. */
export function kinesisProblem(error: unknown): { message: string; passing: boolean } {
  const { name = '', message = String(error) } = error as Error;
  if (refusals.test(name))
    return {
      message: `AWS refuses who we are: ${name}: ${message}; check the credentials, and that their policy allows what terraform/kinesis/existing/README.md lists`,
      passing: false,
    };
  if (name === 'CredentialsProviderError')
    return {
      message: `there are no credentials: ${message}; check credentialsFile and profile`,
      passing: false,
    };
  return { message: `it cannot be used: ${name}: ${message}`, passing: true };
}
