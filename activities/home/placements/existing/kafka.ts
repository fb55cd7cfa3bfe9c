import { existingPlacement } from './existing-placement.ts';
import { listKafka } from './list-kafka.ts';

/** A topic of ours in a cluster of the user's. */
export const kafkaExisting = existingPlacement({
  technology: 'kafka',
  cleanupAddress: 'module.cluster_topic.terraform_data.cleanup',
  variable: 'COMPARATOR_TOPIC',
  made: { kind: 'topic', words: 'Kafka topic' },
  added: { kind: 'consumer-group', words: 'consumer group' },
  list: listKafka,
  // Brokers tell no client their version.
  product: () => ({ name: 'Apache Kafka', version: null }),
});
