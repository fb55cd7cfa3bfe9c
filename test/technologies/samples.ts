import type { TechnologyId } from '../../src/technologies/registry.ts';

/** What the contract suite needs to know of a technology: adding one means an entry here. */
export interface Sample {
  /** Settings that are quick to provision, with three partitions, shards or the like. */
  settings: Record<string, unknown>;
  /** Settings that no experiment may have, and where the error must point. */
  refused: { settings: Record<string, unknown>; pointer: string }[];
}

export const samples: Record<TechnologyId, Sample> = {
  kafka: {
    settings: { partitions: 3, acks: 'all', heapMegabytes: 256 },
    refused: [
      { settings: { partitions: 0 }, pointer: 'partitions' },
      { settings: { replicationFactor: 3 }, pointer: 'replicationFactor' },
    ],
  },
  kinesis: {
    settings: { shards: 3 },
    refused: [
      { settings: { shards: 'many' }, pointer: 'shards' },
      { settings: { consumer: 'enhanced-fan-out' }, pointer: 'consumer' },
    ],
  },
  nats: {
    settings: { subjects: 3 },
    refused: [
      { settings: { replicas: 2 }, pointer: 'replicas' },
      { settings: { consumer: 'ordered', retention: 'workqueue' }, pointer: 'consumer' },
    ],
  },
};
