import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { driver } from '../../../../loadgen/drivers/kafka/driver.ts';
import { inheritedEnvironment } from '../../../../src/config.ts';
import { kafkaSettingsSchema } from '../../../../src/technologies/kafka/settings.ts';
import { kafkaClients } from '../../../support/kafka-clients.ts';
import { Collector } from '../../support/collector.ts';
import { createTopics } from '../../support/kafka-session.ts';
import { type SecuredKafka, secretPassword, startSecuredKafka } from '../../support/secured-kafka.ts';

/** Every Kafka client against a broker that asks for TLS and a password. */

let kafka: SecuredKafka;
let collected: Collector | null = null;

beforeAll(async () => {
  kafka = await startSecuredKafka();
  inheritedEnvironment().COMPARATOR_CLUSTERS = kafka.clustersFile;
}, 150_000);

afterEach(async () => {
  await collected?.close();
  collected = null;
});

afterAll(async () => {
  delete inheritedEnvironment().COMPARATOR_CLUSTERS;
  await kafka?.stop();
});

function collect(client: string, cluster: string, topic: string): Collector {
  const settings = { cluster, producerClient: client, consumerClient: client, partitions: 3 };
  collected = new Collector(kafkaSettingsSchema.parse(settings), { cluster, topic }, `session-${topic}`);
  return collected;
}

describe.each(kafkaClients.map((client) => ({ client })))('$client', ({ client }) => {
  test.each(['scram-512', 'scram-256', 'plain', 'mutual'])(
    'produces and consumes by %s, everything once',
    async (cluster) => {
      const topic = `${client}-${cluster}`;
      await createTopics(kafka.bootstrapServers, [topic], { partitions: 3 });
      const all = collect(client, cluster, topic);
      await all.openConsumers(driver, 1);
      await all.send(await all.openProducer(driver), 1_500);
      await all.received(1_500);
      expect(all.count('acknowledged')).toBe(1_500);
      expect(all.arrivals).toHaveLength(1_500);
      expect(all.problems.join()).not.toMatch(secretPassword);
    },
  );

  test.each([
    [
      'wrong-password',
      'SASL authentication failed: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512',
    ],
    ['wrong-plain', 'SASL authentication failed: Invalid username or password'],
    ['wrong-certificate', 'TLS failed: self-signed certificate in certificate chain'],
  ])('refuses %s within seconds, with the reason', async (cluster, reason) => {
    await createTopics(kafka.bootstrapServers, [`${client}-${cluster}`]);
    const all = collect(client, cluster, `${client}-${cluster}`);
    const begun = Date.now();
    for (const open of [() => all.openProducer(driver), () => all.openConsumers(driver, 1)]) {
      const error = await open().then(
        () => new Error('it was let in'),
        (refusal: Error) => refusal,
      );
      expect(error.message).toBe(`the cluster ${cluster} cannot be used: ${reason}`);
    }
    expect(Date.now() - begun).toBeLessThan(30_000);
    expect(all.problems.join()).not.toMatch(secretPassword);
  });
});
