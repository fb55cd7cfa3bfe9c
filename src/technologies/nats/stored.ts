import type { CarriedLoad } from '../card.ts';
import type { NatsSettings } from './settings.ts';

/** What a stored message takes beside itself: the store's framing and checksum, and the subject's name. */
const storedFramingBytes = 30 + 32;
/** JetStream's own bound on what it stores, where none is configured. */
export const mostOfMachine = 0.75;

/** The header with a message's id, as it is stored; and the id in each server's memory, in a map and in a list. */
export const deduplicationBytes = { stored: 80, remembered: 160 };

/** What a server keeps of a message, in bytes, until the end of the experiment. */
export function storedBytesOf(
  { retention, deduplicationWindowSeconds }: NatsSettings,
  { messageSizeBytes }: Pick<CarriedLoad, 'messageSizeBytes'>,
): number {
  if (retention !== 'limits') return 0;
  const id = deduplicationWindowSeconds > 0 ? deduplicationBytes.stored : 0;
  return messageSizeBytes + storedFramingBytes + id;
}
