import type { KafkaCluster } from '../../contracts/input/clusters/kafka-cluster.ts';
import { type ClusterFiles, findCluster, type TlsAccess } from './cluster-files.ts';
import type { ConnectionProblem } from './connection-problem.ts';

/** Where a cluster is, and who one is there. It holds secrets: it goes to who connects, and nowhere else. */
export interface KafkaAccess {
  bootstrapServers: string[];
  /** null for no encryption. */
  tls: TlsAccess | null;
  sasl: Sasl | null;
}

/** Who one is: by a password, or by a token that is new each time it is asked for. */
export type Sasl =
  | { mechanism: 'SCRAM-SHA-512' | 'SCRAM-SHA-256' | 'PLAIN'; username: string; password: string }
  | { mechanism: 'OAUTHBEARER'; token: () => Promise<string>; by: 'token' | 'iam' };

/**
 * Finds out where a cluster is, and reads its certificates and credentials.
 * @throws ClusterError when the file does not name it, or what it names cannot be read
 */
export function kafkaAccess(file: string | null, name: string): KafkaAccess {
  const { cluster, files } = findCluster(file, name, 'kafka');
  const { bootstrapServers, tls, sasl } = cluster;
  return { bootstrapServers, tls: files.tls(tls), sasl: sasl ? saslOf(sasl, files) : null };
}

function saslOf(sasl: NonNullable<KafkaCluster['sasl']>, files: ClusterFiles): Sasl {
  switch (sasl.mechanism) {
    case 'OAUTHBEARER': {
      const token = () => files.read(sasl.tokenFile).trim();
      token();
      return { mechanism: 'OAUTHBEARER', token: async () => token(), by: 'token' };
    }
    case 'AWS_MSK_IAM': {
      const { region, credentialsFile, profile } = sasl;
      if (credentialsFile !== undefined) files.read(credentialsFile);
      return iamSasl({
        region,
        credentials: credentialsFile ? { file: files.path(credentialsFile), profile } : null,
      });
    }
    default:
      return {
        mechanism: sasl.mechanism,
        username: files.read(sasl.usernameFile).trim(),
        password: files.readSecret(sasl.passwordFile),
      };
  }
}

/** Whose credentials sign tokens: a profile of a file, or null for those of the environment, such as a task's role. */
interface Signing {
  region: string;
  credentials: { file: string; profile: string | undefined } | null;
}

/** Amazon MSK's IAM access control: a token is a signed request, good for 15 minutes. */
export function iamSasl({ region, credentials }: Signing): Sasl {
  return {
    mechanism: 'OAUTHBEARER',
    by: 'iam',
    async token() {
      // Only who uses it waits for it to load.
      const { generateAuthToken, generateAuthTokenFromCredentialsProvider } = await import(
        'aws-msk-iam-sasl-signer-js'
      );
      if (!credentials) return (await generateAuthToken({ region })).token;
      const { fromIni } = await import('@aws-sdk/credential-provider-ini');
      const awsCredentialsProvider = fromIni({
        filepath: credentials.file,
        ...(credentials.profile && { profile: credentials.profile }),
        ignoreCache: true,
      });
      return (await generateAuthTokenFromCredentialsProvider({ region, awsCredentialsProvider })).token;
    },
  };
}

/** What to do about a cluster that does not let one in; a clause. */
export function remedy({ kind }: Pick<ConnectionProblem, 'kind'>, { sasl, tls }: KafkaAccess): string {
  switch (kind) {
    case 'authentication':
      if (!sasl) return 'say who the comparator is there, by sasl';
      if (sasl.mechanism !== 'OAUTHBEARER')
        return `check user and password, and that the brokers have the user for ${sasl.mechanism}`;
      return sasl.by === 'iam'
        ? 'check the region and the credentials, and that their policy allows kafka-cluster:Connect on the cluster'
        : 'check that the token has not expired, and that it is one for these brokers';
    case 'tls':
      return tls
        ? 'check the certificates, and that the brokers are addressed by the name in theirs'
        : 'the brokers may ask for TLS';
    case 'unreachable':
      return 'check the addresses, and whether the brokers speak TLS there';
    default:
      throw new Error(`unknown kind ${JSON.stringify(kind satisfies never)}`);
  }
}
