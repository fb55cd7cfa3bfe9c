import { kinesisQuotas } from '../../../src/technologies/kinesis.ts';

const { readCallsPerSecond, readBytesPerSecond } = kinesisQuotas.shard;
const second = 1_000;

/** Mean time between the starts of two GetRecords calls to a shard: as short as its quota allows. */
export const pollIntervalMs = second / readCallsPerSecond;

/**
 * When one reader of a shard may call again, so that it stays within the shard's quotas by itself. When a call reaches
 * the service is not known, only that it is between its start and its answer; so a second is counted from the one call's
 * answer to the other's start. Times are monotonic milliseconds.
 */
export class ReadPace {
  private calls: { answeredMs: number; bytes: number }[] = [];

  /**
   * Notes a call that was answered, be it with a refusal.
   * @param bytes of the data that it returned
   * @returns the earliest start of the next call
   */
  answered(startedMs: number, answeredMs: number, bytes: number): number {
    this.calls = this.calls.filter((call) => startedMs - call.answeredMs < second);
    this.calls.push({ answeredMs, bytes });
    const fifthLast = this.calls.at(-readCallsPerSecond);
    const readBytes = this.calls.reduce((sum, call) => sum + call.bytes, 0);
    let earliestMs = startedMs + pollIntervalMs;
    if (fifthLast) earliestMs = Math.max(earliestMs, fifthLast.answeredMs + second);
    if (readBytes >= readBytesPerSecond) {
      earliestMs = Math.max(earliestMs, answeredMs + (readBytes / readBytesPerSecond) * second);
      this.calls = [];
    }
    return earliestMs;
  }
}
