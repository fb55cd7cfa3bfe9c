import type { Batch, BatchContent, Batcher } from './batcher.ts';
import type { EndedRequest, SendWindow } from './window.ts';

/**
 * The window of a technology whose partitions keep order and have leaders: a request carries the first ready batch of
 * each partition of one leader, and so many requests to each may be under way.
 */
export class PartitionWindow<Message extends { key: Buffer | null }, Content extends BatchContent<Message>>
  implements SendWindow<Batch<Content>>
{
  /** While true, nothing goes. */
  paused = false;
  private readonly batcher: Batcher<Message, Content>;
  private readonly maxInFlight: number;
  private readonly random: () => number;
  private partitionsOfLeader = new Map<number, number[]>();
  private readonly inFlight = new Map<number, number>();
  private readonly leaderOfRequest = new Map<readonly Batch<Content>[], number>();

  /**
   * @param maxInFlight requests to one leader that may be under way
   * @param random from 0 to below 1, for the rests
   */
  constructor(batcher: Batcher<Message, Content>, maxInFlight: number, random: () => number = Math.random) {
    this.batcher = batcher;
    this.maxInFlight = maxInFlight;
    this.random = random;
  }

  /** @param leaders who leads each partition, by the partition's number */
  setLeaders(leaders: readonly number[]): void {
    const partitions = leaders.map((_, partition) => partition);
    this.partitionsOfLeader = Map.groupBy(partitions, (partition) => leaders[partition] as number);
  }

  get leaders(): number[] {
    return [...this.partitionsOfLeader.keys()];
  }

  /** Requests under way, to whomever. */
  get requests(): number {
    return this.leaderOfRequest.size;
  }

  /** To whom a request goes that is under way. */
  leaderOf(request: readonly Batch<Content>[]): number {
    const leader = this.leaderOfRequest.get(request);
    if (leader === undefined) throw new RangeError('no such request is under way');
    return leader;
  }

  next(nowMs: number): readonly Batch<Content>[] | undefined {
    if (this.paused) return undefined;
    for (const [leader, partitions] of this.partitionsOfLeader) {
      const inFlight = this.inFlight.get(leader) ?? 0;
      if (inFlight >= this.maxInFlight) continue;
      const batches = this.batcher.take(partitions, nowMs);
      if (batches.length === 0) continue;
      this.inFlight.set(leader, inFlight + 1);
      this.leaderOfRequest.set(batches, leader);
      return batches;
    }
    return undefined;
  }

  ended({ batch: batches, again, nowMs }: EndedRequest<Batch<Content>>): void {
    const leader = this.leaderOf(batches);
    this.leaderOfRequest.delete(batches);
    this.inFlight.set(leader, (this.inFlight.get(leader) ?? 0) - 1);
    for (const batch of batches) {
      if (again.includes(batch)) this.batcher.putBack(batch, nowMs + batch.attempts.backoffMs(this.random));
      else this.batcher.release(batch);
    }
  }

  giveUp(isWanted: (batch: Batch<Content>) => boolean, done: (batch: Batch<Content>) => void): void {
    this.batcher.giveUp(isWanted, done);
  }

  get wakeAtMs(): number | null {
    return this.paused ? null : this.batcher.wakeAtMs;
  }
}
