import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { KafkaConsumerContext } from '../../../../loadgen/drivers/kafka/kafka-client.ts';
import { createPlatformaticConsumer } from '../../../../loadgen/drivers/kafka/platformatic/consumer.ts';

const topic = 'topic';

/** The library's consumer, as far as ours looks at it: partitions are given and taken away, and messages come. */
class LibraryConsumer extends EventEmitter {
  readonly stream = new EventEmitter();

  metadata() {
    const partitions = [0, 1].map(() => ({ leader: 1 }));
    return Promise.resolve({ topics: new Map([[topic, { partitions }]]) });
  }

  consume() {
    return Promise.resolve(this.stream);
  }

  assign(...partitions: number[]) {
    this.emit('consumer:group:join', { assignments: [{ topic, partitions }] });
  }

  bring(partition: number, value: string) {
    this.stream.emit('data', { partition, value: Buffer.from(value) });
  }
}

test('what the library hands over of a partition that was taken away is counted: an application has it twice', async () => {
  const library = new LibraryConsumer();
  const received: [number, string][] = [];
  const assigned: number[][] = [];
  const context = {
    sessionName: 'session',
    index: 0,
    count: 2,
    groupId: 'group',
    endpoint: { bootstrapServers: ['127.0.0.1:1'], topic },
    access: { bootstrapServers: ['127.0.0.1:1'] },
    receive: (partition: number, value: Buffer) => void received.push([partition, String(value)]),
    assigned: (partitions: number[]) => void assigned.push(partitions),
    broken: (error: Error) => {
      throw error;
    },
    log: () => {},
  } as unknown as KafkaConsumerContext;
  await createPlatformaticConsumer(context, () => library as never);
  library.assign(0, 1);
  library.bring(0, 'first');
  library.assign(1);
  library.bring(0, 'first');
  library.bring(1, 'second');
  expect(assigned).toEqual([[0, 1], [1]]);
  expect(received).toEqual([
    [0, 'first'],
    [0, 'first'],
    [1, 'second'],
  ]);
});
