/**
 * Makes or deletes a topic of ours in clusters that are not. COMPARATOR_TOPIC describes it; where the clusters are, and who
 * one is there, the file says that COMPARATOR_CLUSTERS names. A second argument, the topic's name, is for process
 * listings only.
 *
 * `create` leaves an empty topic whose partitions have leaders; `delete` leaves neither the topic nor a group that read it,
 * and ends well only once the cluster says so.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';
import { runClusterProgram } from '../../../../src/machine/clusters/cluster-program.ts';
import { connectionProblem } from '../../../../src/machine/clusters/connection-problem.ts';
import { kafkaAccess } from '../../../../src/machine/clusters/kafka-access.ts';
import { kafkajsAccess } from '../../../../src/machine/clusters/kafkajs-access.ts';

const topicSchema = z.strictObject({
  clusters: z.array(z.string()).min(1),
  name: z.string().regex(/^cmp-[a-z0-9]+-[a-z0-9][a-z0-9-]{2,35}$/, 'is no name of a topic of ours'),
  partitions: z.int().optional(),
  replicationFactor: z.int().optional(),
  /** Goes on where one of the clusters cannot be asked. */
  whereItCan: z.boolean().default(false),
});

const timeoutMs = 60_000;
const pauseMs = 250;

async function create(admin: Admin, { name, partitions, replicationFactor }: z.infer<typeof topicSchema>) {
  await remove(admin, name);
  const topic = { topic: name, numPartitions: partitions, replicationFactor };
  await admin.createTopics({ timeout: 30_000, waitForLeaders: false, topics: [topic] });
  // Leaders are named before they know that they are.
  while (!(await answers(admin, name))) await delay(pauseMs);
}

async function answers(admin: Admin, name: string): Promise<boolean> {
  try {
    return (await admin.fetchTopicOffsets(name)).length > 0;
  } catch (error) {
    if (connectionProblem(error)) throw error;
    lastProblem = messageOf(error);
    return false;
  }
}

async function remove(admin: Admin, name: string): Promise<void> {
  for (let asked = false; (await admin.listTopics()).includes(name); asked = true) {
    if (!asked) await admin.deleteTopics({ topics: [name], timeout: 30_000 });
    lastProblem = 'the cluster still lists the topic';
    await delay(pauseMs);
  }
}

/** A group whose members were killed has them until their sessions time out. */
async function removeGroups(admin: Admin, name: string): Promise<void> {
  for (;;) {
    const { groups } = await admin.listGroups();
    const own = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(`${name}.`));
    if (own.length === 0) return;
    try {
      await admin.deleteGroups(own);
    } catch (error) {
      lastProblem = messageOf(error);
      await delay(pauseMs);
    }
  }
}

async function onCluster(cluster: string, work: (admin: Admin) => Promise<void>): Promise<void> {
  const kafka = new Kafka({
    clientId: 'comparator-terraform',
    ...kafkajsAccess(kafkaAccess(process.env.COMPARATOR_CLUSTERS || null, cluster)),
    connectionTimeout: 10_000,
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, multiplier: 1.5, retries: 5, maxRetryTime: 1_000 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await work(admin);
  } catch (error) {
    throw new Error(`on the cluster ${cluster}: ${connectionProblem(error)?.message ?? messageOf(error)}`);
  } finally {
    await admin.disconnect();
  }
}

function messageOf(error: unknown): string {
  const { message, errors } = error as { message?: string; errors?: { message?: string }[] };
  const inner = (errors ?? []).map((one) => one.message).filter(Boolean);
  return [message ?? String(error), ...inner].join(': ');
}

let lastProblem = '';
runClusterProgram({
  what: 'topic',
  timeoutMs,
  read: () => topicSchema.parse(JSON.parse(process.env.COMPARATOR_TOPIC ?? 'null')),
  create: (cluster, topic) => onCluster(cluster, (admin) => create(admin, topic)),
  remove: (cluster, { name }) =>
    onCluster(cluster, async (admin) => {
      await remove(admin, name);
      await removeGroups(admin, name);
    }),
  lastProblem: () => lastProblem,
});
