import { BatchBuffer, type BatchBufferOptions, batchBufferBytes } from './encoding/record-batch.ts';

export interface BufferPoolOptions extends BatchBufferOptions {
  /** Bytes that all buffers may take; one always may. */
  underWayBytes: number;
}

/** Made beforehand, lest the first burst waits for them; the rest when it is needed, for most loads never need it. */
const preparedBytes = 4 * 1024 * 1024;

/** The memory of a producer's batches, used again and again. */
export class BufferPool {
  private readonly options: BufferPoolOptions;
  private readonly free: BatchBuffer[] = [];
  private readonly capacity: number;
  private made = 0;

  constructor(options: BufferPoolOptions) {
    this.options = options;
    this.capacity = Math.max(1, Math.floor(options.underWayBytes / batchBufferBytes(options)));
    for (let bytes = 0; bytes < preparedBytes; bytes += batchBufferBytes(options)) {
      const buffer = this.make();
      if (buffer) this.free.push(buffer);
    }
  }

  /** A buffer for messages of this round; null when all are under way. */
  take(round: number): BatchBuffer | null {
    const buffer = this.free.pop() ?? this.make();
    buffer?.begin(round);
    return buffer;
  }

  giveBack(buffer: BatchBuffer): void {
    this.free.push(buffer);
  }

  private make(): BatchBuffer | null {
    if (this.made === this.capacity) return null;
    this.made++;
    return new BatchBuffer(this.options);
  }
}
