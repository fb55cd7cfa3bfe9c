/** What became of a message that was handed to a client. */
export type Outcome = 'acknowledged' | 'failed' | 'indeterminate';

/**
 * What is known of each of one producer's messages, three bits a message (38 MB for 100 million), in memory that all
 * threads share. The bits lie in planes, so that whole words are counted at once:
 *
 *     low  high
 *      0    0    not settled: unsent, or still under way
 *      1    0    acknowledged
 *      0    1    failed
 *      1    1    indeterminate
 *
 * Only the producer's thread writes the outcome planes; any consumer's thread writes the plane of what was received.
 */
export interface ProducerLedger {
  total: number;
  low: Uint32Array;
  high: Uint32Array;
  received: Uint32Array;
}

/** The memory of a ledger, for handing to another thread. */
export interface LedgerMemory {
  total: number;
  memory: SharedArrayBuffer;
}

/** Memory for a producer's messages. The operating system provides it page by page, as it is used. */
export function allocateLedger(total: number): LedgerMemory {
  const words = Math.ceil(total / 32);
  return { total, memory: new SharedArrayBuffer(Math.max(1, words) * 4 * 3) };
}

/** The planes in a ledger's memory. */
export function openLedger({ total, memory }: LedgerMemory): ProducerLedger {
  const words = memory.byteLength / 12;
  const plane = (index: number) => new Uint32Array(memory, index * words * 4, words);
  return { total, low: plane(0), high: plane(1), received: plane(2) };
}

/** Notes the outcome of a message; the first one stands. Returns whether it was the first. */
export function settle(ledger: ProducerLedger, sequence: number, outcome: Outcome): boolean {
  const word = Math.floor(sequence / 32);
  const bit = 1 << (sequence % 32);
  const low = ledger.low[word] ?? 0;
  const high = ledger.high[word] ?? 0;
  if (((low | high) & bit) !== 0) return false;
  if (outcome !== 'failed') ledger.low[word] = low | bit;
  if (outcome !== 'acknowledged') ledger.high[word] = high | bit;
  return true;
}

/** Notes that a message arrived. Returns whether it is the first copy. */
export function receive(ledger: ProducerLedger, sequence: number): boolean {
  const bit = 1 << (sequence % 32);
  return (Atomics.or(ledger.received, Math.floor(sequence / 32), bit) & bit) === 0;
}

export interface LedgerCounts {
  acknowledged: number;
  failed: number;
  indeterminate: number;
}

/**
 * The outcomes of the first `handed` messages. What never settled of those is in doubt: it was handed over, so it may
 * have reached the product.
 */
export function countOutcomes(ledger: ProducerLedger, handed: number): LedgerCounts {
  let acknowledged = 0;
  let failed = 0;
  for (let word = 0; word * 32 < handed; word++) {
    const low = ledger.low[word] ?? 0;
    const high = ledger.high[word] ?? 0;
    acknowledged += bitCount(low & ~high);
    failed += bitCount(high & ~low);
  }
  return { acknowledged, failed, indeterminate: handed - acknowledged - failed };
}

/** How many messages arrived at least once. */
export function countReceived(ledger: ProducerLedger): number {
  let received = 0;
  for (const word of ledger.received) received += bitCount(word);
  return received;
}

/** How many acknowledged messages have not arrived. */
export function countLost(ledger: ProducerLedger): number {
  let lost = 0;
  for (let word = 0; word < ledger.low.length; word++) {
    lost += bitCount((ledger.low[word] ?? 0) & ~(ledger.high[word] ?? 0) & ~(ledger.received[word] ?? 0));
  }
  return lost;
}

/**
 * Looks for an acknowledged message that has not arrived, from a word on.
 * @returns the first word that holds one, for the next look to begin with, or null when everything arrived
 */
export function findMissing(ledger: ProducerLedger, fromWord: number): number | null {
  for (let word = fromWord; word < ledger.low.length; word++) {
    if (((ledger.low[word] ?? 0) & ~(ledger.high[word] ?? 0) & ~(ledger.received[word] ?? 0)) !== 0)
      return word;
  }
  return null;
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
