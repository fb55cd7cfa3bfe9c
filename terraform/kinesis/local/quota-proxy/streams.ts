import { type ListedShard, type OpenShard, openShards } from './hash-key.ts';
import type { Throttled } from './messages.ts';
import { quotasOf, ShardMeter } from './shard.ts';

/** How long what is known of a stream's shards is good for; a reshard is noticed so late. */
const refreshMs = 5_000;

/** Calls an operation of the emulator's, and answers its body. Rejects unless it succeeds. */
export type Call = (operation: string, input: object) => Promise<unknown>;

/** A stream, its open shards, and what is left of their quotas. */
export interface MeteredStream {
  shards: readonly OpenShard[];
  /** By the shard's id; also of shards that were closed, for their readers. */
  meters: ReadonlyMap<string, ShardMeter>;
  throttled(shardId: string): Throttled;
}

interface Entry {
  stream: MeteredStream;
  lookedAtMs: number;
  looking: boolean;
}

/** The streams that requests were about. */
export class Streams {
  private readonly entries = new Map<string, Entry>();
  private readonly firstLooks = new Map<string, Promise<MeteredStream>>();

  /**
   * What is known of a stream; only the first request has to wait for it.
   * @param call as the request at hand, for its region and account
   */
  async of(streamName: string, nowMs: number, call: Call): Promise<MeteredStream> {
    const entry = this.entries.get(streamName);
    if (!entry) return this.firstLook(streamName, nowMs, call);
    if (nowMs - entry.lookedAtMs > refreshMs && !entry.looking) {
      entry.looking = true;
      this.look(streamName, nowMs, call).catch((error: Error) => {
        entry.looking = false;
        entry.lookedAtMs = nowMs;
        console.error(`the shards of ${streamName} cannot be listed again: ${error.message}`);
      });
    }
    return entry.stream;
  }

  private firstLook(streamName: string, nowMs: number, call: Call): Promise<MeteredStream> {
    const known = this.firstLooks.get(streamName);
    if (known) return known;
    const look = this.look(streamName, nowMs, call).finally(() => this.firstLooks.delete(streamName));
    this.firstLooks.set(streamName, look);
    return look;
  }

  private async look(streamName: string, nowMs: number, call: Call): Promise<MeteredStream> {
    const [summary, listed] = await Promise.all([
      call('DescribeStreamSummary', { StreamName: streamName }) as Promise<StreamSummary>,
      listShards(streamName, call),
    ]);
    const { StreamARN, StreamModeDetails } = summary.StreamDescriptionSummary;
    const mode = StreamModeDetails?.StreamMode === 'ON_DEMAND' ? 'on-demand' : 'provisioned';
    const shards = openShards(listed);
    const quotas = quotasOf(mode, shards.length);
    const before = this.entries.get(streamName)?.stream.meters;
    const meters = new Map(
      listed.map(({ ShardId }) => [ShardId, before?.get(ShardId) ?? new ShardMeter(quotas)]),
    );
    const accountId = StreamARN.split(':')[4] ?? '';
    const throttled = (shardId: string) => ({ shardId, streamName, accountId });
    const stream = { shards, meters, throttled };
    this.entries.set(streamName, { stream, lookedAtMs: nowMs, looking: false });
    return stream;
  }
}

interface StreamSummary {
  StreamDescriptionSummary: { StreamARN: string; StreamModeDetails?: { StreamMode: string } };
}

async function listShards(streamName: string, call: Call): Promise<ListedShard[]> {
  const shards: ListedShard[] = [];
  let NextToken: string | undefined;
  do {
    const input = NextToken ? { NextToken } : { StreamName: streamName };
    const page = (await call('ListShards', input)) as { Shards: ListedShard[]; NextToken?: string };
    shards.push(...page.Shards);
    NextToken = page.NextToken;
  } while (NextToken);
  return shards;
}
