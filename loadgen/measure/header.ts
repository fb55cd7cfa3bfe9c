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
 * All whole numbers: `readUInt32LE` is the cheapest way to read from a Buffer.
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
export function writeOrigin(buffer: Buffer, { session, run, producer }: HeaderOrigin): void {
  buffer.writeUInt32LE(magic, 0);
  buffer.writeUInt32LE(session, 4);
  buffer.writeUInt16LE(run, 8);
  buffer.writeUInt16LE(producer, 10);
  buffer.writeUInt32LE(0, 28);
}

/** Writes the parts of the header that differ for each message. The time loses its fraction of a microsecond. */
export function writeMessage(buffer: Buffer, sequence: number, intendedMicros: number): void {
  buffer.writeUInt32LE(sequence % high, 12);
  buffer.writeUInt32LE(Math.floor(sequence / high), 16);
  const micros = Math.floor(intendedMicros);
  buffer.writeUInt32LE(micros % high, 20);
  buffer.writeUInt32LE(Math.floor(micros / high), 24);
}

export const readSession = (buffer: Buffer): number => buffer.readUInt32LE(4);
export const readRun = (buffer: Buffer): number => buffer.readUInt16LE(8);
export const readProducer = (buffer: Buffer): number => buffer.readUInt16LE(10);
export const readSequence = (buffer: Buffer): number =>
  buffer.readUInt32LE(16) * high + buffer.readUInt32LE(12);
export const readIntendedMicros = (buffer: Buffer): number =>
  buffer.readUInt32LE(24) * high + buffer.readUInt32LE(20);

/** Whether a message was made by a load generator at all. */
export function hasHeader(buffer: Buffer): boolean {
  return buffer.length >= headerBytes && buffer.readUInt32LE(0) === magic;
}
