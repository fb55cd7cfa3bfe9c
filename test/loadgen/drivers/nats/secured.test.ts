import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { driver } from '../../../../loadgen/drivers/nats/driver.ts';
import { inheritedEnvironment } from '../../../../src/config.ts';
import { natsAccess } from '../../../../src/machine/clusters/nats-access.ts';
import { natsSettingsSchema } from '../../../../src/technologies/nats/settings.ts';
import { Collector } from '../../support/collector.ts';
import { type SecuredNats, startSecuredNats } from '../../support/secured-nats.ts';

/** NATS servers that ask for TLS and who one is. */

let nats: SecuredNats;
let collected: Collector | null = null;

beforeAll(async () => {
  nats = await startSecuredNats();
  inheritedEnvironment().COMPARATOR_CLUSTERS = nats.clustersFile;
}, 60_000);

afterEach(async () => {
  await collected?.close();
  collected = null;
});

afterAll(async () => {
  delete inheritedEnvironment().COMPARATOR_CLUSTERS;
  await nats?.stop();
});

function collect(cluster: string, stream: string): Collector {
  const settings = natsSettingsSchema.parse({ cluster, subjects: 3 });
  collected = new Collector(settings, { cluster, stream, subjectPrefix: stream }, `session-${cluster}`);
  return collected;
}

async function createStream(cluster: string, name: string): Promise<void> {
  const connection = await connect(natsAccess(nats.clustersFile, cluster));
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name, subjects: [`${name}.*`] });
  await connection.close();
}

test.each(['password', 'nkey', 'token', 'credentials'])(
  'produces and consumes by %s, everything once',
  async (cluster) => {
    await createStream(cluster, `s-${cluster}`);
    const all = collect(cluster, `s-${cluster}`);
    await all.openConsumers(driver, 2);
    await all.send(await all.openProducer(driver), 1_000);
    await all.received(1_000);
    expect(all.count('acknowledged')).toBe(1_000);
    expect(all.arrivals).toHaveLength(1_000);
    expect(all.problems.join()).not.toMatch(nats.secrets);
  },
);

test.each([
  [
    'wrong-password',
    /the servers refuse who we are: .*authorization violation.*; check what authentication/i,
  ],
  ['wrong-nkey', /the servers refuse who we are: .*; check what authentication says of it/i],
  ['wrong-token', /the servers refuse who we are: .*; check what authentication says of it/i],
  ['wrong-credentials', /the servers refuse who we are: .*; check what authentication says of it/i],
  ['wrong-certificate', /TLS failed: (self-signed|unable to verify).*; check tls/],
  ['in-the-open', /TLS failed: .*; check tls/],
  ['away', /it cannot be reached: .*; check the addresses/],
])('refuses %s within seconds, with the reason and what to do', async (cluster, reason) => {
  const all = collect(cluster, 's');
  const begun = Date.now();
  for (const open of [() => all.openProducer(driver), () => all.openConsumers(driver, 1)]) {
    const error = await open().then(
      () => new Error('it was let in'),
      (refusal: Error) => refusal,
    );
    expect(error.message).toMatch(
      new RegExp(`^the cluster ${cluster} cannot be used: ${reason.source}`, reason.flags),
    );
    expect(`${error.message}${all.problems.join()}`).not.toMatch(nats.secrets);
  }
  expect(Date.now() - begun).toBeLessThan(30_000);
});
