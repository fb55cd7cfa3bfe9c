import type { TechnologyId } from '../../../src/technologies/registry.ts';
import { samples } from '../../technologies/samples.ts';

/** A quick experiment of a technology. */
export function experimentDocument(technology: TechnologyId, name: string, durationSeconds = 3): object {
  return {
    name,
    technology,
    settings: samples[technology].settings,
    workload: {
      load: { shape: 'constant', messagesPerSecond: 100 },
      messageSizeBytes: 200,
      warmupSeconds: 1,
      maxWarmupSeconds: 1,
      durationSeconds,
    },
    requirements: [{ metric: 'messages.lost', atMost: 0 }],
  };
}

/** A comparison of two such experiments. */
export function comparisonDocument(technology: TechnologyId, comparisonName: string): object {
  const {
    name: _,
    settings,
    technology: __,
    ...shared
  } = experimentDocument(technology, '') as Record<string, unknown>;
  const variants = ['one', 'two'].map((name) => ({ name, technology, settings }));
  return { name: comparisonName, ...shared, variants };
}
