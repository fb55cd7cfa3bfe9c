import { minMessageSizeBytes } from '../../src/contracts/experiment.ts';

/**
 * The header that every message begins with, little-endian:
 *
 *     0  uint32  magic
 *     4  uint32  session
 *     8  uint16  run of the session: 0 is the warm-up, measurements count from 1
 *     10 uint16  producer
 *     12 uint32  sequence, low half      16 uint32  sequence, high half
 *     20 uint32  intended time, low half 24 uint32  intended time, high half (monotonic microseconds)
 *     28 uint32  spare
 *
 * All whole numbers: `readUInt32LE` is the cheapest way to read from a Buffer. The functions below take the message's
 * offset, for messages that lie in a larger buffer.
 */
export const headerBytes = minMessageSizeBytes;

/** "CMP1" in ASCII. */
export const magic = 0x31504d43;

const high = 0x1_0000_0000;

/** Which session, which run of it, and which of its producers. */
export interface HeaderOrigin {
  session: number;
  run: number;
  producer: number;
}

/** Writes the parts of the header that stay the same for a whole run. */
export function writeOrigin(buffer: Buffer, { session, run, producer }: HeaderOrigin, offset = 0): void {
  buffer.writeUInt32LE(magic, offset);
  buffer.writeUInt32LE(session, offset + 4);
  buffer.writeUInt16LE(run, offset + 8);
  buffer.writeUInt16LE(producer, offset + 10);
  buffer.writeUInt32LE(0, offset + 28);
}

/** Writes the parts of the header that differ for each message. The time loses its fraction of a microsecond. */
export function writeMessage(buffer: Buffer, sequence: number, intendedMicros: number, offset = 0): void {
  const micros = Math.floor(intendedMicros);
  // `>>> 0` takes the low half of any whole number; `%` on numbers beyond 31 bits costs many times as much.
  buffer.writeUInt32LE(sequence >>> 0, offset + 12);
  buffer.writeUInt32LE(Math.floor(sequence / high), offset + 16);
  buffer.writeUInt32LE(micros >>> 0, offset + 20);
  buffer.writeUInt32LE(Math.floor(micros / high), offset + 24);
}

export const readSession = (buffer: Buffer, offset = 0): number => buffer.readUInt32LE(offset + 4);
export const readRun = (buffer: Buffer, offset = 0): number => buffer.readUInt16LE(offset + 8);
export const readProducer = (buffer: Buffer, offset = 0): number => buffer.readUInt16LE(offset + 10);
export const readSequence = (buffer: Buffer, offset = 0): number =>
  buffer.readUInt32LE(offset + 16) * high + buffer.readUInt32LE(offset + 12);
export const readIntendedMicros = (buffer: Buffer, offset = 0): number =>
  buffer.readUInt32LE(offset + 24) * high + buffer.readUInt32LE(offset + 20);

/** Whether a message was made by a load generator at all. */
export function hasHeader(buffer: Buffer, offset = 0, length = buffer.length): boolean {
  return length >= headerBytes && buffer.readUInt32LE(offset) === magic;
}
