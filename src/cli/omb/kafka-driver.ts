import { serverPropertiesSchema } from '../../technologies/kafka/server-properties.ts';
import { Fields, type LeftOut, type MappedDriver } from './mapping.ts';
import { readProperties } from './properties.ts';

/** Reads a property as Kafka does; null for what it refuses. */
type Read = (value: string) => unknown;

const numeric: Read = (value) => (/^-?\d+$/.test(value) ? Number(value) : null);
const flag: Read = (value) => ({ true: true, false: false })[value.toLowerCase()] ?? null;

/** Kafka's producer properties that are settings here, and how their values are to be read. */
const producerSettings: Record<string, { setting: string; read: Read }> = {
  acks: {
    setting: 'acks',
    read: (value) => ({ all: 'all', '-1': 'all', '0': 0, '1': 1 })[value] ?? null,
  },
  'linger.ms': { setting: 'lingerMs', read: numeric },
  'batch.size': { setting: 'batchSizeBytes', read: numeric },
  'compression.type': { setting: 'compression', read: (value) => value || null },
  'enable.idempotence': { setting: 'idempotence', read: flag },
};

/** A topic's properties have other names than the broker's, of which they are the default. */
const brokerNames: Record<string, string> = {
  'cleanup.policy': 'log.cleanup.policy',
  'flush.messages': 'log.flush.interval.messages',
  'flush.ms': 'log.flush.interval.ms',
  'retention.bytes': 'log.retention.bytes',
  'retention.ms': 'log.retention.ms',
  'segment.bytes': 'log.segment.bytes',
  'max.message.bytes': 'message.max.bytes',
};

/** Properties that ask for what is done here anyway. */
const asHere: Record<string, string> = {
  'auto.offset.reset': 'consumers begin before the first message',
  'enable.auto.commit': 'commits are the chosen client’s own',
  'key.serializer': 'messages are bytes',
  'value.serializer': 'messages are bytes',
  'key.deserializer': 'messages are bytes',
  'value.deserializer': 'messages are bytes',
};

/** The settings of a driver file of Kafka. */
export function kafkaDriver(given: Fields, partitions: number): Omit<MappedDriver, 'name'> {
  const left: LeftOut[] = [];
  const replicationFactor = given.takeNumber('replicationFactor') ?? 1;
  if (replicationFactor < 1) {
    given.leave('replicationFactor', replicationFactor, "is a cluster's own; brokers are started for it: 1");
  }
  const reset = given.take('reset');
  if (reset !== undefined) given.leave('reset', reset, 'every experiment has a topic of its own');
  const properties = (field: string) => {
    const value = given.take(field);
    const read = readProperties(value);
    if (value !== undefined && !read) given.leave(field, value, 'is neither properties nor a mapping');
    return new Fields(read ?? {}, `driver.${field}.`);
  };
  const common = properties('commonConfig');
  const servers = common.take('bootstrap.servers');
  if (servers !== undefined)
    common.leave('bootstrap.servers', servers, 'brokers are started for each experiment');
  common.leaveRest('has no counterpart');
  const topic = properties('topicConfig');
  const serverProperties = topicProperties(topic);
  const producer = properties('producerConfig');
  const produced = Object.entries(producerSettings).flatMap(([name, { setting, read }]) => {
    const value = producer.take(name);
    const taken = read(String(value).trim());
    if (value !== undefined && taken === null) producer.leave(name, value, 'is no value that Kafka takes');
    return value === undefined || taken === null ? [] : [[setting, taken] as const];
  });
  leaveRest(producer, 'is no setting of the clients here');
  const consumer = properties('consumerConfig');
  leaveRest(consumer, 'is no setting of the clients here');
  left.push(...common.left, ...topic.left, ...producer.left, ...consumer.left);
  return {
    technology: 'kafka',
    settings: {
      partitions,
      ...(replicationFactor > 1 ? { brokers: replicationFactor, replicationFactor } : {}),
      ...Object.fromEntries(produced),
      ...(Object.keys(serverProperties).length > 0 ? { serverProperties } : {}),
    },
    left,
  };
}

function topicProperties(topic: Fields): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  const broker = Object.keys(serverPropertiesSchema.shape);
  // Those of a topic come first, for there they decide.
  const names = [...Object.entries(brokerNames), ...broker.map((name) => [name, name] as const)];
  for (const [name, property] of names) {
    const value = topic.take(name);
    if (value === undefined) continue;
    if (property in known) topic.leave(name, value, 'is given by its name for topics, too, which decides');
    else known[property] = value;
  }
  topic.leaveRest('is no broker property that can be set here');
  return known;
}

function leaveRest(fields: Fields, reason: string): void {
  for (const [name, why] of Object.entries(asHere)) {
    const value = fields.take(name);
    if (value !== undefined) fields.leave(name, value, why);
  }
  fields.leaveRest(reason);
}
