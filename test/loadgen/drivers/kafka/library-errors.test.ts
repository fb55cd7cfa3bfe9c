import { describe, expect, test } from '@jest/globals';
import {
  MultipleErrors,
  NetworkError,
  ProtocolError,
  ResponseError,
  TimeoutError,
} from '@platformatic/kafka';
import {
  type Kafka,
  KafkaJSConnectionError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
} from 'kafkajs';
import { groupCoordinator } from '../../../../loadgen/drivers/kafka/kafkajs/connection.ts';
import { resultsOfError as resultsOfKafkajs } from '../../../../loadgen/drivers/kafka/kafkajs/producer.ts';
import { resultsOfError as resultsOfPlatformatic } from '../../../../loadgen/drivers/kafka/platformatic/produce-errors.ts';

// What the answers to a produce request come to is for kafka.test.ts, with a real broker; these are the other errors.
describe('an error of kafkajs without an answer', () => {
  const named = (name: string) => Object.assign(new Error('of kafkajs'), { name });
  const broken = named('KafkaJSConnectionClosedError');
  const unreachable = new KafkaJSConnectionError('Connection error: ', { code: 'ECONNREFUSED' } as never);
  const retried = new KafkaJSNumberOfRetriesExceeded(unreachable, { retryCount: 0, retryTime: 1 } as never);
  const noLeader = new KafkaJSProtocolError({
    type: 'LEADER_NOT_AVAILABLE',
    code: 5,
    retriable: true,
    message: 'no leader',
  } as never);
  const wrong = new TypeError('no function');

  test.each([
    { error: broken, mayBeSent: true, kind: 'in-doubt', retriable: true, reason: broken.name },
    // kafkajs connects anew after the request broke, and tells of that only.
    { error: retried, mayBeSent: true, kind: 'in-doubt', retriable: true, reason: unreachable.name },
    { error: retried, mayBeSent: false, kind: 'not-sent', retriable: true, reason: unreachable.name },
    {
      error: named('KafkaJSBrokerNotFound'),
      mayBeSent: false,
      kind: 'not-sent',
      retriable: true,
      reason: 'KafkaJSBrokerNotFound',
    },
    {
      error: named('KafkaJSRequestTimeoutError'),
      mayBeSent: true,
      kind: 'in-doubt',
      retriable: true,
      reason: 'KafkaJSRequestTimeoutError',
    },
    { error: noLeader, mayBeSent: false, kind: 'not-sent', retriable: true, reason: 'LEADER_NOT_AVAILABLE' },
    { error: wrong, mayBeSent: true, kind: 'in-doubt', retriable: false, reason: 'TypeError' },
  ])('$reason, when a request may have been sent: $mayBeSent', ({ error, mayBeSent, ...expected }) => {
    expect(resultsOfKafkajs(error, mayBeSent)(0)).toMatchObject(expected);
  });
});

describe('a broker without a coordinator for the group of a kafkajs consumer', () => {
  /** A client whose broker is asked again and again, and answers as given: null for no error. */
  function client(answer: (asked: number) => string | null) {
    const calls = { asked: 0, disconnected: 0 };
    const admin = {
      connect: async () => {},
      disconnect: async () => {
        calls.disconnected += 1;
      },
      describeGroups: async () => {
        calls.asked += 1;
        const name = answer(calls.asked);
        if (name) throw Object.assign(new Error(name), { name });
      },
    };
    return { kafka: { admin: () => admin } as unknown as Kafka, calls };
  }
  const missing = 'KafkaJSGroupCoordinatorNotFound';

  test('is asked until it has one', async () => {
    const { kafka, calls } = client((asked) => (asked < 4 ? missing : null));
    await groupCoordinator(kafka, 'a-group');
    expect(calls).toEqual({ asked: 4, disconnected: 1 });
  });

  test('is given up after a while, and at once for any other reason', async () => {
    const never = client(() => missing);
    await expect(groupCoordinator(never.kafka, 'a-group', 0)).rejects.toThrow(missing);
    const other = client(() => 'KafkaJSConnectionError');
    await expect(groupCoordinator(other.kafka, 'a-group')).rejects.toThrow('KafkaJSConnectionError');
    expect([never.calls, other.calls]).toEqual([
      { asked: 1, disconnected: 1 },
      { asked: 1, disconnected: 1 },
    ]);
  });
});

describe('an error of @platformatic/kafka', () => {
  const produce = 0;
  /** A broker's answer with an error of each of these partitions. */
  const answer = (codes: Record<number, number>) => {
    const partitionResponses = Object.entries(codes).map(([index, errorCode]) => ({
      index: Number(index),
      errorCode,
    }));
    const errors = Object.fromEntries(
      partitionResponses.flatMap(({ errorCode }, place) =>
        errorCode ? [[`/${place}`, [errorCode, null]]] : [],
      ),
    );
    return new ResponseError(produce, 11, errors as never, { responses: [{ partitionResponses }] } as never);
  };
  const all = (...errors: Error[]) => new MultipleErrors('Producing messages failed.', errors);
  const refused = new NetworkError('Connection to localhost:1 failed.', {
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  } as never);
  const broken = new NetworkError('Connection closed');
  const kinds = (error: unknown) =>
    [0, 1, 2].map((partition) => {
      const result = resultsOfPlatformatic(error)(partition);
      return result.kind === 'acknowledged' ? result.kind : `${result.kind} ${result.reason}`;
    });

  test.each([
    {
      case: 'a broker that refused one partition of three',
      error: all(answer({ 0: 0, 1: 10, 2: 0 })),
      expected: ['acknowledged', 'refused MESSAGE_TOO_LARGE', 'acknowledged'],
    },
    {
      case: 'one that refused two for different reasons',
      error: answer({ 0: 10, 1: 19, 2: 7 }),
      expected: ['refused MESSAGE_TOO_LARGE', 'refused NOT_ENOUGH_REPLICAS', 'in-doubt REQUEST_TIMED_OUT'],
    },
    {
      case: 'one that answered for two, and another whose connection broke',
      error: all(answer({ 0: 0, 1: 10 }), broken),
      expected: ['acknowledged', 'refused MESSAGE_TOO_LARGE', 'in-doubt PLT_KFK_NETWORK'],
    },
    {
      case: 'one that cannot be reached, while another took its partition',
      error: Object.assign(all(refused), { produced: { offsets: [{ partition: 1 }] } }),
      expected: ['not-sent PLT_KFK_NETWORK', 'acknowledged', 'not-sent PLT_KFK_NETWORK'],
    },
    {
      case: 'one that did not answer for a partition',
      error: answer({ 0: 0, 1: 10 }),
      expected: [
        'acknowledged',
        'refused MESSAGE_TOO_LARGE',
        'in-doubt the broker did not answer for the partition',
      ],
    },
    {
      case: 'a connection that was not made in time',
      error: new TimeoutError('Connection to localhost:1 timed out.', { canRetry: true }),
      expected: Array(3).fill('not-sent PLT_KFK_NETWORK'),
    },
    {
      case: 'an answer that did not come in time',
      error: new TimeoutError('Request timed out', { canRetry: true }),
      expected: Array(3).fill('in-doubt PLT_KFK_NETWORK'),
    },
    {
      case: 'a broker that knows no leader, before anything was sent',
      error: new ProtocolError('LEADER_NOT_AVAILABLE'),
      expected: Array(3).fill('not-sent LEADER_NOT_AVAILABLE'),
    },
  ])('$case', ({ error, expected }) => {
    expect(kinds(error)).toEqual(expected);
  });
});
