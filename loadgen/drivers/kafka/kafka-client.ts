import type { KafkaAccess } from '../../../src/machine/clusters/kafka-access.ts';
import type { KafkaEndpoint, KafkaSettings } from '../../../src/technologies/kafka/settings.ts';
import type { ConsumerContext, DriverConsumer, DriverProducer, ProducerContext } from '../driver.ts';

/** What every client is given beside: where the cluster is, and who one is there. */
interface Reached {
  access: KafkaAccess;
  /** Of its consumers, where they join one. */
  groupId: string;
}

export type KafkaProducerContext = ProducerContext<KafkaSettings, KafkaEndpoint> & Reached;
export type KafkaConsumerContext = ConsumerContext<KafkaSettings, KafkaEndpoint> & Reached;

/** One client library for Kafka. */
export interface KafkaClient {
  createProducer(context: KafkaProducerContext): Promise<DriverProducer>;
  createConsumer(context: KafkaConsumerContext): Promise<DriverConsumer>;
}

/** Requests to one broker under way at once: Java's `max.in.flight.requests.per.connection`. */
export const maxInFlightRequests = 5;

/**
 * How often consumers commit their offsets: Java's `auto.commit.interval.ms`. It costs a request every 5 s, and
 * without any, a member that loses its place in the group would read everything again.
 */
export const commitIntervalMs = 5_000;

/** How long a broker may hold a fetch for want of data; it answers at once when there is some. */
export const fetchMaxWaitMs = 500;

/**
 * How often a member tells the group that it lives, and learns of a rebalance. Alone, as often as clients do by default:
 * kafkajs hands over nothing while a heartbeat is unanswered. With others more often, so that they start sooner.
 */
export function groupHeartbeatMs(consumers: number): number {
  return consumers > 1 ? 500 : 3_000;
}

/**
 * How long the group waits for a member of which it hears nothing; the least the broker allows is 6 s. After a broker's
 * crash, new members wait this long for the old ones.
 */
export const groupSessionTimeoutMs = 10_000;

/** `acks` as in the protocol. */
export function protocolAcks(acks: KafkaSettings['acks']): number {
  return acks === 'all' ? -1 : acks;
}
