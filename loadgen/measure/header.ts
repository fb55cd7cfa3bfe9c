import { minMessageSizeBytes } from '../../src/contracts/input/workload.ts';

/**
 * The header that every message begins with, little-endian:
 *
 *     0  uint32  magic
 *     4  uint32  session
 *     8  uint16  round of the session
 *     10 uint16  producer
 *     12 uint32  sequence, low half      16 uint32  sequence, high half
 *     20 uint32  intended time, low half 24 uint32  intended time, high half (monotonic microseconds)
 *     28 uint32  spare
 *
 * All whole numbers, which are read and written byte by byte: with Buffer's own methods and their checks it was a
 * third of what producing a message costs. The functions below take the message's offset, for messages that lie in a
 * larger buffer.
 */
export const headerBytes = minMessageSizeBytes;

/** "CMP1" in ASCII. */
export const magic = 0x31504d43;

const high = 0x1_0000_0000;

/** Which session, which round of it, and which of its producers. */
export interface HeaderOrigin {
  session: number;
  round: number;
  producer: number;
}

/** Writes the parts of the header that stay the same for a whole round. */
export function writeOrigin(buffer: Buffer, { session, round, producer }: HeaderOrigin, offset = 0): void {
  setUint32(buffer, offset, magic);
  setUint32(buffer, offset + 4, session);
  setUint32(buffer, offset + 8, round | (producer << 16));
  setUint32(buffer, offset + 28, 0);
}

/** Writes the parts of the header that differ for each message. The time loses its fraction of a microsecond. */
export function writeMessage(buffer: Buffer, sequence: number, intendedMicros: number, offset = 0): void {
  const micros = Math.floor(intendedMicros);
  // The bit operations inside take the low half of any whole number.
  setUint32(buffer, offset + 12, sequence);
  setUint32(buffer, offset + 16, Math.floor(sequence / high));
  setUint32(buffer, offset + 20, micros);
  setUint32(buffer, offset + 24, Math.floor(micros / high));
}

export const readSession = (buffer: Buffer, offset = 0): number => getUint32(buffer, offset + 4);
export const readRound = (buffer: Buffer, offset = 0): number => getUint32(buffer, offset + 8) & 0xffff;
export const readProducer = (buffer: Buffer, offset = 0): number => getUint32(buffer, offset + 8) >>> 16;
export const readSequence = (buffer: Buffer, offset = 0): number =>
  getUint32(buffer, offset + 16) * high + getUint32(buffer, offset + 12);
export const readIntendedMicros = (buffer: Buffer, offset = 0): number =>
  getUint32(buffer, offset + 24) * high + getUint32(buffer, offset + 20);

/** Whether a message was made by a load generator at all. */
export function hasHeader(buffer: Buffer, offset = 0, length = buffer.length): boolean {
  return length >= headerBytes && getUint32(buffer, offset) === magic;
}

/** Of a message whose length has been checked. */
function getUint32(buffer: Buffer, offset: number): number {
  return (
    ((buffer[offset] as number) |
      ((buffer[offset + 1] as number) << 8) |
      ((buffer[offset + 2] as number) << 16) |
      ((buffer[offset + 3] as number) << 24)) >>>
    0
  );
}

function setUint32(buffer: Buffer, offset: number, value: number): void {
  const bits = value | 0;
  buffer[offset] = bits;
  buffer[offset + 1] = bits >>> 8;
  buffer[offset + 2] = bits >>> 16;
  buffer[offset + 3] = bits >>> 24;
}
