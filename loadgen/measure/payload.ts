import { randomFillSync } from 'node:crypto';
import { compressedHeaderBytes, type Workload } from '../../src/contracts/input/workload.ts';
import { headerBytes } from './header.ts';

/** Fills a buffer in which messages of this size lie one after another; their headers are written later. */
export type FillPayload = (messages: Buffer, messageSizeBytes: number) => void;

/**
 * Payloads by the workload's content. What shall compress is random in its beginning and zero in the rest: random bytes
 * stay as they are under every codec, a run of one byte becomes next to nothing. No two messages share random bytes,
 * so a batch compresses as well as each of its messages.
 */
export function payloadFiller(payload: Workload['payload']): FillPayload {
  switch (payload.content) {
    case 'random':
      return fillRandom;
    case 'compressible': {
      const { compressionRatio } = payload;
      return (messages, messageSizeBytes) => {
        const randomBytes = Math.round(
          Math.max(
            0,
            Math.min(
              messageSizeBytes - headerBytes,
              messageSizeBytes / compressionRatio - compressedHeaderBytes,
            ),
          ),
        );
        fillRandom(messages);
        for (let at = 0; at < messages.length; at += messageSizeBytes) {
          messages.fill(0, at + headerBytes + randomBytes, at + messageSizeBytes);
        }
      };
    }
    default:
      throw new Error(`unknown payload ${JSON.stringify(payload satisfies never)}`);
  }
}

function fillRandom(messages: Buffer): void {
  randomFillSync(messages);
}
