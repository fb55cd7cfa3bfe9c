import type { HeaderOrigin } from './header.ts';

/**
 * A message that is due, for a driver that encodes messages by itself. One object serves for all: its fields are
 * another message's with the next call.
 */
export interface DueMessage {
  origin: HeaderOrigin;
  sequence: number;
  /** Monotonic microseconds. */
  intendedMicros: number;
  /** When it is handed to the client; monotonic microseconds. */
  sentMicros: number;
  key: Buffer | null;
}

/** What is known of the messages of one batch, all of one round: arrays that are used again rather than an object each. */
export class MessageBatch {
  round = -1;
  count = 0;
  readonly sequences: Float64Array;
  readonly intendedMicros: Float64Array;
  readonly sentMicros: Float64Array;

  /** @param capacity messages that fit at most */
  constructor(capacity: number) {
    this.sequences = new Float64Array(capacity);
    this.intendedMicros = new Float64Array(capacity);
    this.sentMicros = new Float64Array(capacity);
  }

  get full(): boolean {
    return this.count === this.sequences.length;
  }

  begin(round: number): void {
    this.round = round;
    this.count = 0;
  }

  add(message: DueMessage): void {
    const index = this.count++;
    this.sequences[index] = message.sequence;
    this.intendedMicros[index] = message.intendedMicros;
    this.sentMicros[index] = message.sentMicros;
  }
}
