import type { OutcomePlanes, Plane } from '../../contracts/storage/ledger-format.ts';

export interface OutcomeCounts {
  acknowledged: number;
  failed: number;
  indeterminate: number;
}

/**
 * The outcomes of the first `handed` messages. What never settled of those is in doubt: it was handed over, so it may
 * have reached the product.
 */
export function countOutcomes({ maybeTaken, notAcknowledged }: OutcomePlanes, handed: number): OutcomeCounts {
  let acknowledged = 0;
  let failed = 0;
  for (let word = 0; word * 32 < handed; word++) {
    acknowledged += bitCount((maybeTaken[word] ?? 0) & ~(notAcknowledged[word] ?? 0));
    failed += bitCount((notAcknowledged[word] ?? 0) & ~(maybeTaken[word] ?? 0));
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
export function countLost({ maybeTaken, notAcknowledged }: OutcomePlanes, received: Plane): number {
  let lost = 0;
  for (let word = 0; word < maybeTaken.length; word++) {
    lost += bitCount((maybeTaken[word] ?? 0) & ~(notAcknowledged[word] ?? 0) & ~(received[word] ?? 0));
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
