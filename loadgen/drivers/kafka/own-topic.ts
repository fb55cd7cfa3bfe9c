import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaAccess } from '../../../src/machine/clusters/kafka-access.ts';
import { platformaticAccess } from '../../../src/machine/clusters/platformatic-access.ts';
import type { KafkaSettings } from '../../../src/technologies/kafka/settings.ts';

const pauseMs = 250;
const timeoutMs = 60_000;

/** The protocol's name for what another has made in the meantime. */
const alreadyThere = 'TOPIC_ALREADY_EXISTS';

/**
 * Makes the experiment's topic where terraform does not, for no provider makes topics of Amazon MSK: whoever connects first
 * makes it, all others find it. Returns once its partitions have leaders.
 * @throws with what the brokers answered, such as that the policy does not allow it
 */
export async function ownTopic(
  access: KafkaAccess,
  topic: string,
  { partitions, replicationFactor }: Pick<KafkaSettings, 'partitions' | 'replicationFactor'>,
): Promise<void> {
  const { Admin } = await import('@platformatic/kafka');
  const admin = new Admin({
    clientId: 'comparator',
    bootstrapBrokers: access.bootstrapServers,
    ...platformaticAccess(access),
    retries: 3,
  });
  try {
    await admin
      .createTopics({ topics: [topic], partitions, replicas: replicationFactor })
      .catch((error: unknown) => {
        if (!told(error).includes(alreadyThere))
          throw new Error(`the topic ${topic} cannot be made: ${told(error)}`, { cause: error });
      });
    for (const untilMs = performance.now() + timeoutMs; ; ) {
      const metadata = await admin.metadata({ topics: [topic], forceUpdate: true }).catch(() => null);
      const found = metadata?.topics.get(topic)?.partitions ?? [];
      if (found.length > 0 && found.every(({ leader }) => leader >= 0)) return;
      if (performance.now() > untilMs)
        throw new Error(`the topic ${topic} had no leaders within ${timeoutMs / 1_000} s`);
      await delay(pauseMs);
    }
  } finally {
    await admin.close();
  }
}

/** All that an error says, inner ones included. */
function told(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 5) return '';
  const {
    message = '',
    apiId = '',
    cause,
    errors = [],
  } = error as {
    message?: string;
    apiId?: string;
    cause?: unknown;
    errors?: unknown[];
  };
  return [message, apiId, ...[cause, ...errors].map((inner) => told(inner, depth + 1))]
    .filter(Boolean)
    .join(': ');
}
