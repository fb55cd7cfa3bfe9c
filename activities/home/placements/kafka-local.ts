import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import { kafkaSettingsSchema } from '../../../src/technologies/kafka/settings.ts';
import type { Placement } from './placement.ts';

/** Version of the broker, from the name of its jar; null when there is none. */
export function kafkaVersion(jars: string[]): string | null {
  for (const jar of jars) {
    const version = /^kafka_[\d.]+-(\d[\w.-]*)\.jar$/.exec(jar)?.[1];
    if (version) return version;
  }
  return null;
}

function brokers(spec: ExperimentSpec): number {
  return kafkaSettingsSchema.parse(spec.settings).brokers ?? 1;
}

/** Brokers on this machine: processes and folders, which every local experiment's inventory covers. */
export const kafkaLocal: Placement = {
  inventory: async () => [],
  adoptable: async () => [],
  isUsable: async () => true,
  portsNeeded: (spec) => 2 * brokers(spec),
  variables: ({ spec, tools }, ports) => ({
    broker_ports: Array.from({ length: brokers(spec) }, (_, index) => ({
      client: ports[2 * index],
      controller: ports[2 * index + 1],
    })),
    java: {
      program: tools.java,
      class_path: `${tools.kafkaLibs}/*`,
      // Log4j takes a comma in a path for the end of a file.
      log_config: pathToFileURL(tools.kafkaLogConfig).href.replaceAll(',', '%2C'),
    },
  }),
  product: ({ tools }) => ({ name: 'Apache Kafka', version: kafkaVersion(readdirSync(tools.kafkaLibs)) }),
};
