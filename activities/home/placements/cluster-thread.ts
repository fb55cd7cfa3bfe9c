import { parentPort, workerData } from 'node:worker_threads';
import { Kafka, logLevel } from 'kafkajs';
import { ClusterError, clusterAccess } from '../../../src/machine/clusters/cluster-access.ts';
import { connectionProblem } from '../../../src/machine/clusters/connection-problem.ts';
import { kafkajsAccess } from '../../../src/machine/clusters/kafkajs-access.ts';
import type { ClusterQuestion, Listing } from './list-cluster.ts';

const { file, cluster } = workerData as ClusterQuestion;

parentPort?.postMessage(await look());

async function look(): Promise<Listing> {
  try {
    const admin = new Kafka({
      clientId: 'comparator',
      ...kafkajsAccess(clusterAccess(file, cluster)),
      connectionTimeout: 10_000,
      logLevel: logLevel.NOTHING,
      retry: { retries: 2 },
    }).admin();
    await admin.connect();
    const topics = await admin.listTopics();
    const { groups } = await admin.listGroups();
    return { topics, groups: groups.map(({ groupId }) => groupId) };
  } catch (error) {
    if (error instanceof ClusterError) return { problem: error.message, passing: false };
    const { kind, message } = connectionProblem(error) ?? { kind: 'unreachable', message: String(error) };
    return { problem: message, passing: kind === 'unreachable' };
  }
}
