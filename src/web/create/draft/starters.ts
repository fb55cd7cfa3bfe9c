import type { Draft } from './draft.ts';

/** Something to begin with. */
export interface Starter {
  /** In addresses. */
  id: string;
  title: string;
  text: string;
  draft: Draft;
}

const local = 'local';

const kafka = { name: 'Kafka', technology: 'kafka', target: local, settings: { partitions: 4, acks: 'all' } };
const nats = { name: 'NATS', technology: 'nats', target: local, settings: { subjects: 4, storage: 'file' } };

const seldomLost = { metric: 'messages.lost', atMost: 0 };

/** The questions that people come with. */
export const starters: readonly [Starter, ...Starter[]] = [
  {
    id: 'latency',
    title: 'Latency under a steady load',
    text: 'The same rate for all; which meets a bound on p99?',
    draft: {
      name: 'Latency under a steady load',
      workload: { load: { shape: 'constant', messagesPerSecond: 2_000 }, durationSeconds: 10 },
      requirements: [{ metric: 'latency.endToEnd.p99Ms', atMost: 50 }, seldomLost],
      variants: [kafka, nats],
      repetitions: 5,
    },
  },
  {
    id: 'capacity',
    title: 'How much can it carry?',
    text: 'A search for the highest rate at which the backlog does not grow.',
    draft: {
      name: 'How much can it carry?',
      workload: {
        load: {
          shape: 'capacity-search',
          startMessagesPerSecond: 5_000,
          probeSeconds: 5,
          resolutionPercent: 10,
        },
        durationSeconds: 10,
      },
      requirements: [],
      variants: [kafka, nats],
      repetitions: 1,
    },
  },
  {
    id: 'burst',
    title: 'A burst',
    text: 'Ten times the load for a few seconds: how late do messages get, and for how long?',
    draft: {
      name: 'A burst',
      workload: {
        load: {
          shape: 'steps',
          steps: [
            { messagesPerSecond: 1_000, seconds: 5 },
            { messagesPerSecond: 10_000, seconds: 5 },
            { messagesPerSecond: 1_000, seconds: 10 },
          ],
        },
      },
      requirements: [{ metric: 'latency.endToEnd.p99Ms', atMost: 500 }, seldomLost],
      variants: [kafka, nats],
      repetitions: 5,
    },
  },
  {
    id: 'guarantee',
    title: 'What does a stronger guarantee cost?',
    text: 'One technology, from an acknowledgement of little worth to one that survives a power loss.',
    draft: {
      name: 'What does a stronger guarantee cost?',
      workload: { load: { shape: 'constant', messagesPerSecond: 1_000 }, durationSeconds: 10 },
      requirements: [{ metric: 'latency.endToEnd.p99Ms', atMost: 100 }, seldomLost],
      variants: [
        { name: 'Kafka, acks 1', technology: 'kafka', target: local, settings: { acks: 1 } },
        {
          name: 'Kafka, survives power loss',
          technology: 'kafka',
          target: local,
          settings: { durability: 'power-loss' },
        },
      ],
      repetitions: 5,
    },
  },
];
