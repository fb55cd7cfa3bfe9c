import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { driver } from '../../../../loadgen/drivers/kafka/driver.ts';
import { inheritedEnvironment } from '../../../../src/config.ts';
import { kafkaSettingsSchema } from '../../../../src/technologies/kafka/settings.ts';
import { kafkaClients } from '../../../support/kafka-clients.ts';
import { Collector } from '../../support/collector.ts';
import { createTopics } from '../../support/kafka-session.ts';
import { type SecuredKafka, secrets, startSecuredKafka } from '../../support/secured-kafka.ts';

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

function collect(
  client: string,
  cluster: string,
  topic: string,
  endpoint: object = { cluster, topic },
): Collector {
  const settings = { cluster, producerClient: client, consumerClient: client, partitions: 3 };
  collected = new Collector(kafkaSettingsSchema.parse(settings), endpoint, `session-${topic}`);
  return collected;
}

describe.each(kafkaClients.map((client) => ({ client })))('$client', ({ client }) => {
  test.each(['scram-512', 'scram-256', 'plain', 'token', 'iam', 'mutual'])(
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
      expect(all.problems.join()).not.toMatch(secrets);
    },
  );

  test.each([
    [
      'wrong-password',
      'SASL authentication failed: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512; check user and password, and that the brokers have the user for SCRAM-SHA-512',
    ],
    [
      'wrong-plain',
      'SASL authentication failed: Invalid username or password; check user and password, and that the brokers have the user for PLAIN',
    ],
    [
      'wrong-token',
      'SASL authentication failed: the broker does not take the token: invalid_token; check that the token has not expired, and that it is one for these brokers',
    ],
    [
      'wrong-iam',
      'SASL authentication failed: the broker does not take the token: invalid_token; check the region and the credentials, and that their policy allows kafka-cluster:Connect on the cluster',
    ],
    [
      'wrong-certificate',
      'TLS failed: self-signed certificate in certificate chain; check the certificates, and that the brokers are addressed by the name in theirs',
    ],
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
    expect(all.problems.join()).not.toMatch(secrets);
  });

  test('says so when there is nothing to sign with', async () => {
    const all = collect(client, 'no-iam', `${client}-no-iam`);
    const error = await all.openProducer(driver).catch((refusal: Error) => refusal);
    expect((error as Error).message).toMatch(
      /^the cluster no-iam cannot be used: SASL authentication failed: Could not resolve credentials using profile: \[nobody\].*; check the region and the credentials/,
    );
  });

  test('goes on when tokens expire under a load, each time with a new one, and loses nothing', async () => {
    const topic = `${client}-renewed`;
    await createTopics(kafka.bootstrapServers, [topic], { partitions: 3 });
    // kafkajs renews what expires within 10 s, and brokers refuse that within a second of the last time: what lives for little
    // longer is renewed too often where this test's own timers are late.
    const lifeMs = 15_000;
    kafka.setToken(lifeMs);
    const renewing = setInterval(() => kafka.setToken(lifeMs), 1_000);
    try {
      const all = collect(client, 'token', topic);
      await all.openConsumers(driver, 1);
      const producer = await all.openProducer(driver);
      let sent = 0;
      for (const until = Date.now() + 2 * lifeMs; Date.now() < until; sent += 300) {
        await all.send(producer, 300);
        await delay(100);
      }
      await all.received(sent);
      expect({ acknowledged: all.count('acknowledged'), broken: all.broken }).toEqual({
        acknowledged: sent,
        broken: null,
      });
      expect({ doubted: all.doubted, problems: all.problems }).toEqual({ doubted: 0, problems: [] });
    } finally {
      clearInterval(renewing);
      kafka.setToken(3_600_000);
    }
  }, 90_000);
});

/** As terraform/kafka/aws passes it on, and as ECS sets a task's environment. */
describe.each(kafkaClients.map((client) => ({ client })))('$client in a task of ECS', ({ client }) => {
  const environment = inheritedEnvironment();
  const before = { ...environment };

  beforeAll(() => {
    setDefaultCACertificates([readFileSync(kafka.caFile, 'utf8')]);
    Object.assign(environment, {
      AWS_ACCESS_KEY_ID: kafka.iamUser.key,
      AWS_SECRET_ACCESS_KEY: kafka.iamUser.secret,
      COMPARATOR_KAFKA_CREDENTIALS: JSON.stringify(kafka.user),
    });
  });

  afterAll(() => {
    setDefaultCACertificates([...rootCertificates]);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'COMPARATOR_KAFKA_CREDENTIALS']) {
      if (before[name] === undefined) delete environment[name];
      else environment[name] = before[name];
    }
  });

  const endpoint = (topic: string, authentication: string) => ({
    brokers: [kafka.saslServer],
    topic,
    authentication,
  });

  test.each(['iam', 'scram'])('produces and consumes by %s', async (authentication) => {
    const topic = `${client}-ecs-${authentication}`;
    const all = collect(client, 'ecs', topic, endpoint(topic, authentication));
    // Whoever comes first makes the topic.
    const [producer] = await Promise.all([all.openProducer(driver), all.openConsumers(driver, 2)]);
    await all.send(producer, 500);
    await all.received(500);
    expect(all.count('acknowledged')).toBe(500);
    expect(all.assigned.flat().sort()).toEqual([0, 1, 2]);
    expect(all.problems.join()).not.toMatch(secrets);
  });

  test('is told what to do when the secret is not right, and never what it is', async () => {
    const right = environment.COMPARATOR_KAFKA_CREDENTIALS;
    const topic = `${client}-ecs-wrong`;
    try {
      for (const [secret, reason] of [
        [
          JSON.stringify({ ...kafka.user, password: 'canary-x' }),
          /^Amazon MSK cannot be used: SASL auth.*; check user/,
        ],
        ['canary-no-json', /^COMPARATOR_KAFKA_CREDENTIALS cannot be used: the secret must be JSON/],
        ['', /^COMPARATOR_KAFKA_CREDENTIALS is not set/],
      ] as const) {
        environment.COMPARATOR_KAFKA_CREDENTIALS = secret;
        const all = collect(client, 'ecs', topic, endpoint(topic, 'scram'));
        const error = await all.openProducer(driver).catch((refusal: Error) => refusal);
        expect((error as Error).message).toMatch(reason);
        expect(`${(error as Error).message}${all.problems.join()}`).not.toMatch(secrets);
      }
    } finally {
      environment.COMPARATOR_KAFKA_CREDENTIALS = right;
    }
  });
});
