import { kinesisQuotas } from '../../../../src/technologies/kinesis.ts';
import { SlidingWindow } from './window.ts';

/** What a shard may take and give in a second. */
export type ShardQuotas = { [quota in keyof typeof kinesisQuotas.shard]: number };

/**
 * The quotas of each open shard of a stream. The emulator does not spread an on-demand stream over as many shards as the
 * service would, so that there each shard has its part of what a new stream of the service takes.
 */
export function quotasOf(mode: 'provisioned' | 'on-demand', openShards: number): ShardQuotas {
  const { shard, onDemandShards } = kinesisQuotas;
  if (mode === 'provisioned') return shard;
  const times = onDemandShards / openShards;
  return {
    writeBytesPerSecond: shard.writeBytesPerSecond * times,
    writeRecordsPerSecond: shard.writeRecordsPerSecond * times,
    readBytesPerSecond: shard.readBytesPerSecond * times,
    readCallsPerSecond: shard.readCallsPerSecond,
  };
}

/** What is left of one shard's quotas. Times are monotonic milliseconds. */
export class ShardMeter {
  private readonly records: SlidingWindow;
  private readonly writtenBytes: SlidingWindow;
  private readonly calls: SlidingWindow;
  private readonly readBytes: SlidingWindow;

  constructor(quotas: ShardQuotas) {
    this.records = new SlidingWindow(quotas.writeRecordsPerSecond);
    this.writtenBytes = new SlidingWindow(quotas.writeBytesPerSecond);
    this.calls = new SlidingWindow(quotas.readCallsPerSecond);
    this.readBytes = new SlidingWindow(quotas.readBytesPerSecond);
  }

  /** Takes a record of this size, data and partition key together, or refuses it; what is refused counts for nothing. */
  takeRecord(nowMs: number, bytes: number): boolean {
    if (!this.records.fits(nowMs, 1) || !this.writtenBytes.fits(nowMs, bytes)) return false;
    this.records.add(nowMs, 1);
    this.writtenBytes.add(nowMs, bytes);
    return true;
  }

  /** Lets a GetRecords call through, or refuses it. How much it returns is told afterwards, by `returned`. */
  takeCall(nowMs: number): boolean {
    if (!this.calls.fits(nowMs, 1) || !this.readBytes.fits(nowMs, 1)) return false;
    this.calls.add(nowMs, 1);
    return true;
  }

  /** Counts the data that a call returned. */
  returned(nowMs: number, bytes: number): void {
    if (bytes > 0) this.readBytes.add(nowMs, bytes);
  }
}
