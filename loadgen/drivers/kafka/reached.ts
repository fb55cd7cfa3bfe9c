import { isIP } from 'node:net';
import { clustersFile } from '../../../src/config.ts';
import type { ClusterAccess } from '../../../src/machine/clusters/cluster-access.ts';
import { connectionProblem } from '../../../src/machine/clusters/connection-problem.ts';
import type { KafkaEndpoint } from '../../../src/technologies/kafka/settings.ts';
import type { DriverContext } from '../driver.ts';

/**
 * A driver's context with where the cluster is. That of the user's own is looked up here, in the process that connects:
 * no message, no state and no log has its addresses, let alone its password.
 * @throws when the file of clusters lacks it, its files cannot be read, or it does not let us in
 */
export async function reached<Context extends DriverContext<unknown, KafkaEndpoint>>(context: Context) {
  const { endpoint, sessionName } = context;
  if (!('cluster' in endpoint)) {
    const access: ClusterAccess = { bootstrapServers: endpoint.bootstrapServers, tls: null, sasl: null };
    return { ...context, access, groupId: sessionName };
  }
  // It brings a reader of YAML, which no other experiment needs.
  const { clusterAccess } = await import('../../../src/machine/clusters/cluster-access.ts');
  const access = clusterAccess(clustersFile(), endpoint.cluster);
  await knock(endpoint.cluster, access);
  return {
    ...context,
    access,
    // Beginning like the topic, which no other experiment has, and whose name has no dot: found by it, and deleted.
    groupId: `${endpoint.topic}.${sessionName}`,
  };
}

/** How long a broker may take to let one in. */
const knockTimeoutMs = 10_000;

/**
 * Tries whether a broker lets us in, by itself: what the libraries say of a refusal differs, and some try again without end.
 * @throws with the reason, when the first broker that answers refuses, or none answers
 */
async function knock(cluster: string, { bootstrapServers, tls, sasl }: ClusterAccess): Promise<void> {
  const { Connection } = await import('@platformatic/kafka');
  let last: unknown;
  for (const server of bootstrapServers) {
    const [host = '', port] = server.split(':');
    const connection = new Connection('comparator', {
      connectTimeout: knockTimeoutMs,
      ...(tls && { tls, tlsServerName: isIP(host) === 0 }),
      ...(sasl && { sasl }),
    });
    connection.on('error', () => {});
    try {
      await connection.connect(host, Number(port));
      return;
    } catch (error) {
      last = error;
      if (connectionProblem(error)?.kind !== 'unreachable') break;
    } finally {
      await connection.close();
    }
  }
  const { message } = connectionProblem(last) ?? { message: String(last) };
  throw new Error(`the cluster ${cluster} cannot be used: ${message}`, { cause: last });
}
