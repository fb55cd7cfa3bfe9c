import { type HeaderOrigin, writeMessage, writeOrigin } from './header.ts';
import { type FillPayload, payloadFiller } from './payload.ts';

/**
 * A message on its way; its fields are also what Kafka clients take. The pool makes each once and uses it again, so
 * that sending makes no garbage of its own. It belongs to the driver from `send` until it is settled.
 */
export interface OutgoingMessage {
  /** The whole message, header included. */
  value: Buffer;
  key: Buffer | null;
  /** For the driver's use. */
  partition: number;
  sequence: number;
  /** Monotonic microseconds. */
  intendedMicros: number;
  /** When it was handed to the client; monotonic microseconds. */
  sentMicros: number;
  /** Round of the session that it was sent in. */
  round: number;
}

/** Memory is taken in pieces of about this size, so that a slow load does not pay for a fast one's buffers. */
const pieceBytes = 1024 * 1024;

/** How many messages of one size may be under way within a limit of bytes; one always may. */
export function mostMessagesUnderWay(sizeBytes: number, limitBytes: number): number {
  return Math.max(1, Math.floor(limitBytes / sizeBytes));
}

/**
 * The messages of one producer. Their payloads are made beforehand; only the header is written for each message. The
 * pool is bounded in bytes: when all are under way, what is due has to wait.
 */
export class MessagePool {
  private readonly free: OutgoingMessage[] = [];
  private made = 0;
  private readonly capacity: number;
  private readonly sizeBytes: number;
  private readonly fill: FillPayload;

  /**
   * @param sizeBytes of each message
   * @param limitBytes of all that may be under way; one message always may
   * @param fill random bytes where left out
   */
  constructor(
    sizeBytes: number,
    limitBytes: number,
    fill: FillPayload = payloadFiller({ content: 'random' }),
  ) {
    this.sizeBytes = sizeBytes;
    this.fill = fill;
    this.capacity = mostMessagesUnderWay(sizeBytes, limitBytes);
  }

  /** A message with its header written, or null when as many as allowed are under way. */
  take(origin: HeaderOrigin, sequence: number, intendedMicros: number): OutgoingMessage | null {
    if (this.free.length === 0) this.make();
    const message = this.free.pop();
    if (!message) return null;
    if (message.round !== origin.round) {
      writeOrigin(message.value, origin);
      message.round = origin.round;
    }
    writeMessage(message.value, sequence, intendedMicros);
    message.sequence = sequence;
    message.intendedMicros = intendedMicros;
    return message;
  }

  giveBack(message: OutgoingMessage): void {
    this.free.push(message);
  }

  private make(): void {
    const count = Math.min(this.capacity - this.made, Math.max(1, Math.floor(pieceBytes / this.sizeBytes)));
    if (count <= 0) return;
    const piece = Buffer.allocUnsafeSlow(count * this.sizeBytes);
    this.fill(piece, this.sizeBytes);
    for (let index = 0; index < count; index++) {
      this.free.push({
        value: piece.subarray(index * this.sizeBytes, (index + 1) * this.sizeBytes),
        key: null,
        partition: 0,
        sequence: 0,
        intendedMicros: 0,
        sentMicros: 0,
        round: -1,
      });
    }
    this.made += count;
  }
}
