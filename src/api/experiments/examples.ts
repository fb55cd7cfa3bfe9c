import type { Examples } from '../http/openapi.ts';

/** Experiments that can be sent as they are, one for each shape of load. */
export const experimentExamples: Examples = {
  constant: {
    summary: 'A constant load on Kafka, with requirements',
    value: {
      name: 'kafka, acks all',
      technology: 'kafka',
      target: 'local',
      settings: { partitions: 4, acks: 'all' },
      workload: {
        messageSizeBytes: 1024,
        load: { shape: 'constant', messagesPerSecond: 1000 },
        durationSeconds: 20,
      },
      requirements: [
        { metric: 'latency.endToEnd.p99Ms', atMost: 50 },
        { metric: 'messages.lost', atMost: 0 },
      ],
    },
  },
  steps: {
    summary: 'A rush on NATS: rates one after another',
    value: {
      name: 'nats, a rush',
      technology: 'nats',
      workload: {
        load: {
          shape: 'steps',
          steps: [
            { messagesPerSecond: 1000, seconds: 20 },
            { messagesPerSecond: 10_000, seconds: 20 },
            { messagesPerSecond: 1000, seconds: 20 },
          ],
        },
      },
      requirements: [{ metric: 'latency.endToEnd.p99Ms', atMost: 100 }],
    },
  },
  capacitySearch: {
    summary: 'What Kafka can take: rates until the highest one that is sustained is known',
    value: {
      name: 'kafka, capacity',
      technology: 'kafka',
      settings: { acks: 1, producerClient: 'platformatic', consumerClient: 'platformatic' },
      workload: {
        load: {
          shape: 'capacity-search',
          startMessagesPerSecond: 5000,
          maxMessagesPerSecond: 500_000,
          probeSeconds: 8,
          resolutionPercent: 5,
        },
        durationSeconds: 60,
      },
      requirements: [{ metric: 'latency.endToEnd.p99Ms', atMost: 200 }],
    },
  },
};
