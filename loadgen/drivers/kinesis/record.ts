import { randomKeyBytes } from '../../../src/technologies/kinesis.ts';
import type { OutgoingMessage } from '../../measure/message-pool.ts';
import { Attempts } from '../sender/attempts.ts';
import type { Sendable } from '../sender/window.ts';

/** A message on its way into a stream, and what became of it so far. */
export class KinesisRecord implements Sendable {
  readonly message: OutgoingMessage;
  readonly attempts: Attempts;
  /** Of data and partition key, as quotas count them. */
  readonly bytes: number;

  constructor(message: OutgoingMessage) {
    this.message = message;
    this.attempts = new Attempts(message.sentMicros / 1_000);
    this.bytes = message.value.length + (message.key?.length ?? randomKeyBytes);
  }
}

/** The partition key of a message: its own, or a random one, for keys drawn at random put records on the shards evenly. */
export function keyOf({ key }: OutgoingMessage): string {
  return (
    key?.toString() ??
    (Math.random()
      .toString(36)
      .slice(2, 2 + randomKeyBytes) ||
      '0')
  );
}
