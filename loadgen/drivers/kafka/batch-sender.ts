import type { Outcome } from '../../measure/ledger.ts';
import type { AttemptResult } from '../sender/attempts.ts';
import { type Batch, type BatchContent, Batcher } from '../sender/batcher.ts';
import { type Clock, systemClock } from '../sender/clock.ts';
import { LingerTimer } from '../sender/linger-timer.ts';
import { PartitionWindow } from '../sender/partition-window.ts';
import { Sender } from '../sender/sender.ts';
import { type KafkaProducerContext, maxInFlightRequests } from './kafka-client.ts';

export interface BatchSenderOptions<Message, Content> {
  context: Pick<KafkaProducerContext, 'settings' | 'throttled' | 'doubted' | 'log'>;
  /** The broker that leads each partition, by the partition's number. */
  leaders: readonly number[];
  /** Requests to one broker that may wait for their answers; as many as Java's where left out. */
  maxInFlight?: number;
  partitionOfKey(key: Buffer): number;
  /** Begins a batch for this message and those that follow it; null when all memory is under way. */
  open(message: Message): Content | null;
  /** The content is not needed any more. */
  release?(content: Content): void;
  messagesIn(content: Content): number;
  /** Makes one request of batches that this broker leads, one a partition. Returns what became of each. Never rejects. */
  request(
    batches: readonly Batch<Content>[],
    leader: number,
  ): Promise<(batch: Batch<Content>) => AttemptResult>;
  settle(batch: Batch<Content>, outcome: Outcome, reason?: string): void;
  /** Called after the end of each request, when its batches are settled or wait to go again. */
  afterRequest?(): void;
  clock?: Clock;
}

/** Batches messages for the partitions of a topic, and sends them until they are settled: for any Kafka client. */
export class BatchSender<Message extends { key: Buffer | null }, Content extends BatchContent<Message>> {
  readonly batcher: Batcher<Message, Content>;
  readonly window: PartitionWindow<Message, Content>;
  readonly sender: Sender<Batch<Content>>;
  private readonly linger: LingerTimer;
  private readonly lingerMs: number;
  private drainScheduled = false;

  constructor(options: BatchSenderOptions<Message, Content>) {
    const { context, leaders, clock = systemClock } = options;
    const { lingerMs, batchSizeBytes } = context.settings;
    this.lingerMs = lingerMs;
    this.batcher = new Batcher({
      partitions: leaders.length,
      lingerMs,
      batchSizeBytes,
      clock,
      partitionOfKey: options.partitionOfKey,
      open: options.open,
      release: options.release ?? (() => {}),
    });
    this.window = new PartitionWindow(this.batcher, options.maxInFlight ?? maxInFlightRequests);
    this.window.setLeaders(leaders);
    this.sender = new Sender({
      window: this.window,
      clock,
      attempt: (batches) => {
        void options.request(batches, this.window.leaderOf(batches)).then((resultOf) => {
          this.sender.ended(batches, resultOf);
          options.afterRequest?.();
        });
      },
      settle: options.settle,
      throttled: ({ content }, reason) => context.throttled(options.messagesIn(content), reason),
      doubted: ({ content }) => context.doubted(options.messagesIn(content)),
      log: context.log,
    });
    this.linger = new LingerTimer(
      clock,
      () => this.batcher.lingerLeftMs(clock.nowMs()),
      () => this.flush(),
    );
  }

  /** Takes a message. Returns its batch, or null, having taken nothing, when all memory is under way. */
  append(message: Message): Batch<Content> | null {
    const batch = this.batcher.append(message);
    if (!batch || batch.ready) this.scheduleDrain();
    else this.linger.start(this.lingerMs);
    return batch;
  }

  /** Sends what lingers. */
  flush(): void {
    this.batcher.markReady();
    this.scheduleDrain();
  }

  close(): void {
    this.linger.stop();
    this.sender.close();
  }

  /** Once the messages that come due together have all been appended. */
  private scheduleDrain(): void {
    if (this.drainScheduled) return;
    this.drainScheduled = true;
    queueMicrotask(() => {
      this.drainScheduled = false;
      this.sender.drain();
    });
  }
}
