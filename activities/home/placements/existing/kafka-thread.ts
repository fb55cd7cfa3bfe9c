import { parentPort, workerData } from 'node:worker_threads';
import { Kafka, logLevel } from 'kafkajs';
import { ClusterError } from '../../../../src/machine/clusters/cluster-files.ts';
import { connectionProblem } from '../../../../src/machine/clusters/connection-problem.ts';
import { type KafkaAccess, kafkaAccess, remedy } from '../../../../src/machine/clusters/kafka-access.ts';
import { kafkajsAccess } from '../../../../src/machine/clusters/kafkajs-access.ts';
import type { ClusterQuestion, Listing } from './existing-placement.ts';

const { file, cluster } = workerData as ClusterQuestion;

parentPort?.postMessage(await look());

async function look(): Promise<Listing> {
  let access: KafkaAccess;
  try {
    access = kafkaAccess(file, cluster);
  } catch (error) {
    if (error instanceof ClusterError) return { problem: error.message, passing: false };
    throw error;
  }
  try {
    const admin = new Kafka({
      clientId: 'comparator',
      ...kafkajsAccess(access),
      connectionTimeout: 10_000,
      logLevel: logLevel.NOTHING,
      retry: { retries: 2 },
    }).admin();
    await admin.connect();
    const topics = await admin.listTopics();
    const { groups } = await admin.listGroups();
    return {
      found: [
        ...topics.map((name) => ({ kind: 'topic' as const, name })),
        ...groups.map(({ groupId }) => ({ kind: 'consumer-group' as const, name: groupId })),
      ],
    };
  } catch (error) {
    const { kind, message } = connectionProblem(error) ?? {
      kind: 'unreachable' as const,
      message: String(error),
    };
    return { problem: `${message}; ${remedy({ kind }, access)}`, passing: kind === 'unreachable' };
  }
}
