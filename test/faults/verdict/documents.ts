import type { TechnologyId } from '../../../src/technologies/registry.ts';
import { samples } from '../../technologies/samples.ts';

interface Document {
  workload: object;
}

/** With a warm-up that does not go on until the load is level; earlier commits know none that does. */
export function withFixedWarmup<T extends Document>(document: T): T {
  return { ...document, workload: { ...document.workload, maxWarmupSeconds: 1 } };
}

/** A quick experiment of a technology, as every commit takes it. */
export function experimentDocument(technology: TechnologyId, name: string, durationSeconds = 3) {
  return {
    name,
    technology,
    settings: samples[technology].settings,
    workload: {
      load: { shape: 'constant', messagesPerSecond: 100 },
      messageSizeBytes: 200,
      warmupSeconds: 1,
      durationSeconds,
    },
    requirements: [{ metric: 'messages.lost', atMost: 0 }],
  };
}

/** A comparison of two such experiments. */
export function comparisonDocument(technology: TechnologyId, comparisonName: string) {
  const { name: _, settings, technology: __, ...shared } = experimentDocument(technology, '');
  const variants = ['one', 'two'].map((name) => ({ name, technology, settings }));
  return { name: comparisonName, ...shared, variants };
}
