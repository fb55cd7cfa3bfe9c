import type { CarriedLoad } from '../card.ts';
import { batchHeaderBytes, recordBytes } from './record-size.ts';
import type { KafkaSettings } from './settings.ts';

/** Without lingering, what comes due in so long goes together: its thread is busy, or asleep. Measured: 0.7 to 1.7 ms. */
const togetherMs = 1;
/** Timers count whole milliseconds, and a batch lingers to the nearest. */
const timerMs = 0.5;

/** Bytes of a message in a batch, without the batch's own header. */
export function recordBytesOf({ messageSizeBytes, keyBytes }: CarriedLoad): number {
  return recordBytes({ index: 0, keyBytes: keyBytes ?? -1, valueBytes: messageSizeBytes });
}

/**
 * What headers of batches come to for each message, while brokers keep up: batches are filled for as long as they linger,
 * those of messages with keys beside each other. A broker that falls behind gets fuller ones.
 */
export function batchHeaderShareBytes(
  { lingerMs, batchSizeBytes, partitions }: KafkaSettings,
  load: CarriedLoad,
): number {
  const perMs = (load.messagesPerSecond ?? load.mostMessagesPerSecond) / load.producers / 1_000;
  const waitMs = lingerMs === 0 ? togetherMs : lingerMs + timerMs;
  const gathered = 1 + Math.floor(perMs * waitMs);
  const batches = load.keyBytes === null ? 1 : partitions * (1 - (1 - 1 / partitions) ** gathered);
  const fitting = Math.floor((batchSizeBytes - batchHeaderBytes) / recordBytesOf(load));
  return batchHeaderBytes / Math.max(1, Math.min(gathered / batches, fitting));
}
