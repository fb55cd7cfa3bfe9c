/**
 * Variable-length whole numbers as in Kafka's records: zigzag, then seven bits a byte, the lowest first. Of values
 * from −2^30 to 2^30 − 1 (lengths and offsets within a batch), so that 31 bits suffice.
 */

/** Writes a value. Returns the offset behind it. */
export function writeVarint(buffer: Buffer, offset: number, value: number): number {
  let rest = (value << 1) ^ (value >> 31);
  let end = offset;
  while (rest >= 0x80) {
    buffer[end++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[end++] = rest;
  return end;
}

/** Walks through memory, reading one value after the other: `read` leaves `offset` behind what it read. */
export class VarintReader {
  offset = 0;

  /** A value of up to 31 bits; of a longer one, such as a timestamp's difference, the low bits. */
  read(buffer: Buffer): number {
    let byte = buffer[this.offset++] as number;
    let zigzag = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = buffer[this.offset++] as number;
      if (shift < 32) zigzag |= (byte & 0x7f) << shift;
    }
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }
}
