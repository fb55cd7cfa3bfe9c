import { addPlane, countLost } from '../../src/analysis/ledger/ledger-planes.ts';
import type { OutcomePlanes, Plane } from '../../src/contracts/storage/ledger-format.ts';

/** What became of a message that was handed to a client. */
export type Outcome = 'acknowledged' | 'failed' | 'indeterminate';

/**
 * What is known of each of one producer's messages, three bits a message (38 MB for 100 million), in memory that all
 * threads share. Only the producer's thread writes the outcome planes; any consumer's thread writes the plane of what
 * was received. Of a producer in another load generator, the outcomes stay empty until that has told them.
 */
export interface ProducerLedger extends OutcomePlanes {
  total: number;
  received: Plane;
  /** What other load generators received, as far as they have told; null where there are none. */
  elsewhere: Plane | null;
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
  return { total, maybeTaken: plane(0), notAcknowledged: plane(1), received: plane(2), elsewhere: null };
}

/** Notes the outcome of a message; the first one stands. Returns whether it was the first. */
export function settle(ledger: ProducerLedger, sequence: number, outcome: Outcome): boolean {
  const word = Math.floor(sequence / 32);
  const bit = 1 << (sequence % 32);
  const maybeTaken = ledger.maybeTaken[word] ?? 0;
  const notAcknowledged = ledger.notAcknowledged[word] ?? 0;
  if (((maybeTaken | notAcknowledged) & bit) !== 0) return false;
  if (outcome !== 'failed') ledger.maybeTaken[word] = maybeTaken | bit;
  if (outcome !== 'acknowledged') ledger.notAcknowledged[word] = notAcknowledged | bit;
  return true;
}

/** Notes that a message arrived. Returns whether it is the first copy. */
export function receive(ledger: ProducerLedger, sequence: number): boolean {
  const bit = 1 << (sequence % 32);
  return (Atomics.or(ledger.received, Math.floor(sequence / 32), bit) & bit) === 0;
}

/** How many acknowledged messages have not arrived here, as far as their outcomes are known. */
export function countLostHere(ledger: ProducerLedger): number {
  return countLost(ledger, ledger.received);
}

/** How many acknowledged messages have arrived nowhere, as far as is known here. */
export function countMissing(ledger: ProducerLedger): number {
  const { received, elsewhere } = ledger;
  if (!elsewhere) return countLost(ledger, received);
  const anywhere = received.slice();
  addPlane(anywhere, elsewhere);
  return countLost(ledger, anywhere);
}

/**
 * Looks for an acknowledged message that has arrived nowhere, from a word on.
 * @returns the first word that holds one, for the next look to begin with, or null when everything arrived
 */
export function findMissing(ledger: ProducerLedger, fromWord: number): number | null {
  const { maybeTaken, notAcknowledged, received, elsewhere } = ledger;
  for (let word = fromWord; word < maybeTaken.length; word++) {
    const arrived = (received[word] ?? 0) | (elsewhere?.[word] ?? 0);
    if (((maybeTaken[word] ?? 0) & ~(notAcknowledged[word] ?? 0) & ~arrived) !== 0) return word;
  }
  return null;
}
