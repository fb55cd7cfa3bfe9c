import type { Examples } from '../http/openapi.ts';

/** Comparisons that can be sent as they are. */
export const comparisonExamples: Examples = {
  technologies: {
    summary: 'Three technologies under one load',
    value: {
      name: 'kafka, kinesis, nats',
      workload: {
        messageSizeBytes: 1024,
        load: { shape: 'constant', messagesPerSecond: 1000 },
        durationSeconds: 20,
      },
      requirements: [
        { metric: 'latency.endToEnd.p99Ms', atMost: 100 },
        { metric: 'messages.lost', atMost: 0 },
      ],
      variants: [
        { name: 'Kafka', technology: 'kafka', settings: { acks: 'all' } },
        { name: 'Kinesis, 2 shards', technology: 'kinesis', settings: { shards: 2 } },
        { name: 'NATS', technology: 'nats' },
      ],
    },
  },
  settings: {
    summary: 'One technology under two settings',
    value: {
      name: 'what acks: all costs',
      workload: { load: { shape: 'constant', messagesPerSecond: 5000 } },
      variants: [
        { name: 'leader only', technology: 'kafka', settings: { acks: 1 } },
        { name: 'all replicas', technology: 'kafka', settings: { acks: 'all' } },
      ],
    },
  },
};
