import { clustersFile, mskEnvironment } from '../../../src/config.ts';
import { connectionProblem } from '../../../src/machine/clusters/connection-problem.ts';
import type { KafkaAccess } from '../../../src/machine/clusters/kafka-access.ts';
import type { KafkaEndpoint, KafkaSettings } from '../../../src/technologies/kafka/settings.ts';
import type { DriverContext } from '../driver.ts';

type KafkaContext = DriverContext<KafkaSettings, KafkaEndpoint>;

/**
 * A driver's context with where the cluster is. Who one is in a cluster that asks is looked up here, in the process that
 * connects: no message, no state and no log has it, nor the addresses of the user's own.
 * @throws when the file of clusters lacks it, or its files cannot be read
 */
export async function located<Context extends KafkaContext>(context: Context) {
  return { ...context, access: await accessOf(context.endpoint) };
}

/**
 * That, of a cluster which lets us in and has our topic, with the name of a consumer group.
 * @throws as `located`, and when the cluster does not let us in
 */
export async function reached<Context extends KafkaContext>(context: Context) {
  const { endpoint, sessionName } = context;
  const { access } = await located(context);
  if ('bootstrapServers' in endpoint) return { ...context, access, groupId: sessionName };
  await knock('cluster' in endpoint ? `the cluster ${endpoint.cluster}` : 'Amazon MSK', access);
  if ('brokers' in endpoint) {
    const { ownTopic } = await import('./own-topic.ts');
    await ownTopic(access, endpoint.topic, context.settings);
  }
  return {
    ...context,
    access,
    // Beginning like the topic, which no other experiment has, and whose name has no dot: found by it, and deleted; and on
    // AWS the only groups that a policy of ours allows.
    groupId: `${endpoint.topic}.${sessionName}`,
  };
}

/** It brings a reader of YAML or a signer, which no other experiment needs. */
async function accessOf(endpoint: KafkaEndpoint): Promise<KafkaAccess> {
  if ('bootstrapServers' in endpoint) {
    return { bootstrapServers: endpoint.bootstrapServers, tls: null, sasl: null };
  }
  if ('cluster' in endpoint) {
    const { kafkaAccess } = await import('../../../src/machine/clusters/kafka-access.ts');
    return kafkaAccess(clustersFile(), endpoint.cluster);
  }
  const { mskAccess } = await import('../../../src/machine/clusters/msk-access.ts');
  return mskAccess(endpoint, mskEnvironment());
}

/** How long a broker may take to let one in. */
const knockTimeoutMs = 10_000;

/**
 * Tries whether a broker lets us in, by itself: what the libraries say of a refusal differs, and some try again without end.
 * @param where that is, as the subject of a sentence
 * @throws with the reason and what to do, when the first broker that answers refuses, or none answers
 */
async function knock(where: string, access: KafkaAccess): Promise<void> {
  const { Connection } = await import('@platformatic/kafka');
  const { platformaticAccess } = await import('../../../src/machine/clusters/platformatic-access.ts');
  const { remedy } = await import('../../../src/machine/clusters/kafka-access.ts');
  let last: unknown;
  for (const server of access.bootstrapServers) {
    const [host = '', port] = server.split(':');
    const connection = new Connection('comparator', {
      connectTimeout: knockTimeoutMs,
      ...platformaticAccess({ ...access, bootstrapServers: [server] }),
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
  const problem = connectionProblem(last) ?? { kind: 'unreachable' as const, message: String(last) };
  throw new Error(`${where} cannot be used: ${problem.message}; ${remedy(problem, access)}`, { cause: last });
}
