import { z } from 'zod';

/**
 * One bit for each message of one producer: that of sequence s is bit s % 32 of word ⌊s / 32⌋. In planes, whole words
 * are counted at once.
 */
export type Plane = Uint32Array;

/**
 * What became of one producer's messages.
 *
 *     maybeTaken  notAcknowledged
 *         0              0          not settled: unsent, or still under way
 *         1              0          acknowledged
 *         0              1          failed
 *         1              1          indeterminate
 */
export interface OutcomePlanes {
  maybeTaken: Plane;
  notAcknowledged: Plane;
}

/** Part of a ledger as it is stored: what became of one generator's messages, or what arrived at one generator. */
export type LedgerPart =
  | {
      kind: 'outcomes';
      producers: (OutcomePlanes & { producer: number })[];
      /** Attempts of which it is unknown whether the product took the message, whatever became of later ones; where told. */
      doubts?: number | undefined;
    }
  | { kind: 'received'; producers: { producer: number; received: Plane }[] };

const ledgerHeadSchema = z.object({
  kind: z.enum(['outcomes', 'received']),
  producers: z.array(z.object({ producer: z.int().min(0), words: z.int().min(0) })),
  doubts: z.int().min(0).optional(),
});
type LedgerHead = z.infer<typeof ledgerHeadSchema>;

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * A part of a ledger as bytes, to be compressed: a line of JSON, `{kind, producers: [{producer, words}], doubts}`, filled up
 * with spaces to a multiple of 4 bytes, then the planes of each producer in that order, in little-endian words:
 * `maybeTaken` and `notAcknowledged`, or `received`.
 */
export function encodeLedger(part: LedgerPart): Uint8Array {
  if (!littleEndian) throw new Error('ledgers are stored by little-endian machines only');
  const planes =
    part.kind === 'outcomes'
      ? part.producers.flatMap(({ maybeTaken, notAcknowledged }) => [maybeTaken, notAcknowledged])
      : part.producers.map(({ received }) => received);
  const wordsOf = (one: LedgerPart['producers'][number]) =>
    ('received' in one ? one.received : one.maybeTaken).length;
  const head = JSON.stringify({
    kind: part.kind,
    producers: part.producers.map((one) => ({ producer: one.producer, words: wordsOf(one) })),
    doubts: part.kind === 'outcomes' ? part.doubts : undefined,
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
  const head = ledgerHeadSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))));
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
        doubts: head.doubts,
        producers: head.producers.map(({ producer, words }) => ({
          producer,
          maybeTaken: take(words),
          notAcknowledged: take(words),
        })),
      }
    : {
        kind: 'received',
        producers: head.producers.map(({ producer, words }) => ({ producer, received: take(words) })),
      };
}
