/**
 * One bit for each message of one producer: that of sequence s is bit s % 32 of word ⌊s / 32⌋. In planes, whole words
 * are counted at once.
 */
export type Plane = Uint32Array;

/**
 * What became of one producer's messages.
 *
 *     low  high
 *      0    0    not settled: unsent, or still under way
 *      1    0    acknowledged
 *      0    1    failed
 *      1    1    indeterminate
 */
export interface OutcomePlanes {
  low: Plane;
  high: Plane;
}

export interface OutcomeCounts {
  acknowledged: number;
  failed: number;
  indeterminate: number;
}

/**
 * The outcomes of the first `handed` messages. What never settled of those is in doubt: it was handed over, so it may
 * have reached the product.
 */
export function countOutcomes({ low, high }: OutcomePlanes, handed: number): OutcomeCounts {
  let acknowledged = 0;
  let failed = 0;
  for (let word = 0; word * 32 < handed; word++) {
    acknowledged += bitCount((low[word] ?? 0) & ~(high[word] ?? 0));
    failed += bitCount((high[word] ?? 0) & ~(low[word] ?? 0));
  }
  return { acknowledged, failed, indeterminate: handed - acknowledged - failed };
}

/** How many bits of a plane are set. */
export function countBits(plane: Plane): number {
  let bits = 0;
  for (const word of plane) bits += bitCount(word);
  return bits;
}

/** How many acknowledged messages are not in `received`. */
export function countLost({ low, high }: OutcomePlanes, received: Plane): number {
  let lost = 0;
  for (let word = 0; word < low.length; word++) {
    lost += bitCount((low[word] ?? 0) & ~(high[word] ?? 0) & ~(received[word] ?? 0));
  }
  return lost;
}

/** Adds the messages of `other` to a plane. */
export function addPlane(plane: Plane, other: Plane): void {
  for (let word = 0; word < plane.length; word++) plane[word] = (plane[word] ?? 0) | (other[word] ?? 0);
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Part of a ledger as it is stored: what became of one generator's messages, or what arrived at one generator. */
export type LedgerPart =
  | { kind: 'outcomes'; producers: (OutcomePlanes & { producer: number })[] }
  | { kind: 'received'; producers: { producer: number; received: Plane }[] };

interface LedgerHead {
  kind: LedgerPart['kind'];
  producers: { producer: number; words: number }[];
}

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * A part of a ledger as bytes, to be compressed: a line of JSON, `{kind, producers: [{producer, words}]}`, filled up with
 * spaces to a multiple of 4 bytes, then the planes of each producer in that order, in little-endian words: `low` and
 * `high`, or `received`.
 */
export function encodeLedger(part: LedgerPart): Uint8Array {
  if (!littleEndian) throw new Error('ledgers are stored by little-endian machines only');
  const planes =
    part.kind === 'outcomes'
      ? part.producers.flatMap(({ low, high }) => [low, high])
      : part.producers.map(({ received }) => received);
  const wordsOf = (one: LedgerPart['producers'][number]) => ('low' in one ? one.low : one.received).length;
  const head = JSON.stringify({
    kind: part.kind,
    producers: part.producers.map((one) => ({ producer: one.producer, words: wordsOf(one) })),
  } satisfies LedgerHead);
  const line = new TextEncoder().encode(`${head.padEnd(Math.ceil((head.length + 1) / 4) * 4 - 1)}\n`);
  const bytes = new Uint8Array(line.length + planes.reduce((sum, plane) => sum + plane.byteLength, 0));
  bytes.set(line);
  let at = line.length;
  for (const plane of planes) {
    bytes.set(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength), at);
    at += plane.byteLength;
  }
  return bytes;
}

/**
 * The part of a ledger behind its bytes.
 * @throws Error when they are none
 */
export function decodeLedger(bytes: Uint8Array): LedgerPart {
  const end = bytes.indexOf(10) + 1;
  if (end === 0) throw new Error('a stored ledger begins with a line of JSON');
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as LedgerHead;
  let at = end;
  const take = (words: number): Plane => {
    if (at + words * 4 > bytes.length) throw new Error('the stored ledger is cut short');
    // Copied, for its bytes may lie at any offset.
    const plane = new Uint32Array(new Uint8Array(bytes.subarray(at, at + words * 4)).buffer);
    at += words * 4;
    return plane;
  };
  return head.kind === 'outcomes'
    ? {
        kind: 'outcomes',
        producers: head.producers.map(({ producer, words }) => ({
          producer,
          low: take(words),
          high: take(words),
        })),
      }
    : {
        kind: 'received',
        producers: head.producers.map(({ producer, words }) => ({ producer, received: take(words) })),
      };
}

export interface LedgerTotals {
  /** Distinct messages. */
  received: number;
  /** Further copies of them that came to other generators than the first one. */
  duplicated: number;
  lost: number;
}

/**
 * Counts the ledger parts of several generators as one, message by message: what was acknowledged anywhere and arrived
 * nowhere is lost. It holds three bits a message (38 MB for 100 million), however many generators there are.
 */
export class LedgerTally {
  private readonly outcomes = new Map<number, OutcomePlanes>();
  private readonly received = new Map<number, Plane>();
  private copies = 0;

  /** Adds a part; takes it over. */
  add(part: LedgerPart): void {
    if (part.kind === 'outcomes') {
      for (const one of part.producers) this.outcomes.set(one.producer, one);
      return;
    }
    for (const { producer, received } of part.producers) {
      this.copies += countBits(received);
      const known = this.received.get(producer);
      if (known) addPlane(known, received);
      else this.received.set(producer, received);
    }
  }

  counts(): LedgerTotals {
    const received = sum([...this.received.values()].map(countBits));
    const lost = sum(
      [...this.outcomes].map(([producer, outcomes]) =>
        countLost(outcomes, this.received.get(producer) ?? new Uint32Array()),
      ),
    );
    return { received, duplicated: this.copies - received, lost };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
