import { execa } from 'execa';
import { Kafka, logLevel } from 'kafkajs';
import { readConfig } from '../../src/config.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';
import { createTopics } from '../loadgen/support/kafka-session.ts';
import { type KafkaBroker, startKafka } from '../loadgen/support/servers.ts';
import { endWhenInterrupted } from './interrupted.ts';

/** Partitions of every topic that a benchmark uses. */
export const partitions = 4;
/** What our clients and Kafka's own tools are both given. */
export const batching = { lingerMs: 5, batchSizeBytes: 131_072 };

/** A real broker, and Kafka's own performance tools beside it. */
export interface KafkaPeer {
  broker: KafkaBroker;
  /** Does something with a topic of its own, and deletes it. */
  withTopic<T>(use: (topic: string) => Promise<T>): Promise<T>;
  /** ProducerPerformance with acks 1; `batching` unless it says otherwise. */
  producerPerformance(load: PeerLoad, properties?: string[]): Promise<PeerRates>;
  /** Messages a second of ConsumerPerformance, without the time that its group took to form. */
  consumerPerformance(load: Omit<PeerLoad, 'messageSizeBytes'>): Promise<number>;
  stop(): Promise<void>;
}

/** Messages a second. */
export interface PeerRates {
  /** With its start. */
  whole: number;
  /** Once a fifth of the messages has been sent: as warm as our clients are after their warm-up. */
  warm: number;
}

export interface PeerLoad {
  topic: string;
  messageSizeBytes: number;
  messages: number;
}

/** As of an experiment's broker: Kafka's own start script has them too. */
const brokerOptions = [
  ...['-Xms512m', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'],
  ...['-XX:InitiatingHeapOccupancyPercent=35', '-XX:+ExplicitGCInvokesConcurrent'],
];

export async function startKafkaPeer(): Promise<KafkaPeer> {
  const broker = await startKafka({}, brokerOptions);
  endWhenInterrupted(() => broker.stop());
  const admin = new Kafka({ brokers: broker.bootstrapServers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  let topics = 0;

  /** What one of Kafka's own tools prints. */
  async function tool(mainClass: string, args: string[]): Promise<string> {
    const tools = toolPaths(readConfig());
    const logging = `-Dlog4j2.configurationFile=${tools.kafkaLogConfig}`;
    const command = [
      '-Xmx512m',
      logging,
      '-cp',
      `${tools.kafkaLibs}/*`,
      `org.apache.kafka.tools.${mainClass}`,
    ];
    const servers = ['--bootstrap-server', broker.bootstrapServers.join(',')];
    const { stdout } = await execa(tools.java, [...command, ...servers, ...args]);
    return stdout;
  }

  return {
    broker,
    async withTopic(use) {
      const topic = `bench-${++topics}`;
      await createTopics(broker.bootstrapServers, [topic], { partitions });
      try {
        return await use(topic);
      } finally {
        await admin.deleteTopics({ topics: [topic] });
      }
    },
    async producerPerformance({ topic, messageSizeBytes, messages }, properties) {
      const { lingerMs, batchSizeBytes } = batching;
      const output = await tool('ProducerPerformance', [
        ...['--topic', topic, '--record-size', String(messageSizeBytes), '--throughput', '-1'],
        ...['--num-records', String(messages), '--warmup-records', String(Math.round(messages / 5))],
        ...['--command-property', 'acks=1'],
        ...(properties ?? [`linger.ms=${lingerMs}`, `batch.size=${batchSizeBytes}`]),
      ]);
      // Its last two lines: "N records sent, R records/sec (…", and the same of those after the warm-up.
      const rates = [...output.matchAll(/([\d.]+) records\/sec/g)].map(([, rate]) => Number(rate));
      return { whole: found(rates.at(-2), output), warm: found(rates.at(-1), output) };
    },
    async consumerPerformance({ topic, messages }) {
      const output = await tool('ConsumerPerformance', ['--topic', topic, '--num-records', String(messages)]);
      const [head, line] = output.split('\n').filter((text) => text.includes(', '));
      const column = head?.split(', ').indexOf('fetch.nMsg.sec') ?? -1;
      return found(Number(line?.split(', ')[column]), output);
    },
    async stop() {
      await admin.disconnect();
      await broker.stop();
    },
  };
}

function found(rate: number | undefined, output: string): number {
  if (rate === undefined || !(rate > 0))
    throw new Error(`no rate is found in what the tool printed:\n${output}`);
  return rate;
}
