import { monotonicMicros } from '../../../measure/clock.ts';
import type { ConsumerContext } from '../../driver.ts';
import { scanRecords } from './encoding/record-batch.ts';

/** Where the batches of a partition lie in an answer to a fetch, and the offset from which on they are wanted. */
export interface FetchedBatches {
  partition: number;
  begin: number;
  end: number;
  from: number;
}

/**
 * Hands over the messages of a partition. They have arrived when their batch is checked and unpacked, as with other
 * clients, not when its bytes came in.
 * @throws when a batch is damaged
 */
export function handOver(
  { receive }: Pick<ConsumerContext, 'receive'>,
  buffer: Buffer,
  { partition, begin, end, from }: FetchedBatches,
  readMicros: () => number = monotonicMicros,
): void {
  let arrivedMicros = 0;
  scanRecords(
    buffer,
    begin,
    end,
    from,
    (value, offset, length) => receive(partition, value, arrivedMicros, offset, length),
    () => {
      arrivedMicros = readMicros();
    },
  );
}
