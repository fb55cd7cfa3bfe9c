import { Worker } from 'node:worker_threads';
import { inheritedEnvironment } from '../../src/config.ts';
import { errorMessage } from '../error-message.ts';
import { codeVersion } from './code-version.ts';
import type { ThreadCommand, ThreadData, ThreadReport } from './protocol.ts';

/** How long a client may take to say goodbye before its thread is ended all the same. */
const closeTimeoutMs = 2_000;

/**
 * Size of each thread's young generation, half of Node's own. Clients allocate several buffers a message. With less room
 * they outlive the young generation; with more, what they have outside the heap asks for full collections, whose helpers
 * take the processors from producers, and a thread that has fallen into that stays in it for minutes. Measured on 2 cores
 * with kafkajs, of 85,000 messages/s of 1 KB that were asked for: with 12 MB 78,000 went out, with 24 MB 80,000, with 48 MB
 * 79,000 or, in some runs, 62,000, with 96 MB 66,000; and at 20,000 messages/s 24 MB take 0.62 cores, 48 MB 0.86.
 */
const youngGenerationMegabytes = 24;

/** What this process runs, whatever is deployed in its place meanwhile. */
const codeAtStart = codeVersion();

/** One producer's or consumer's thread, seen from the session. */
export class LoadThread {
  readonly name: string;
  /** Rejects when the thread breaks; never resolves. */
  readonly broken: Promise<never>;
  private readonly worker: Worker;
  private readonly exited: Promise<void>;
  private readonly listeners = new Set<(report: ThreadReport) => void>();

  constructor(data: Omit<ThreadData, 'code'>) {
    this.name = `${data.role} ${data.index}`;
    // kafkajs 2 sets timers with negative times on every request; Node's warning would only fill the log.
    this.worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: { ...data, code: codeAtStart } satisfies ThreadData,
      // Said outright, for it is where the AWS SDK finds its credentials.
      env: inheritedEnvironment(),
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMegabytes },
      execArgv: ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'],
    });
    this.worker.on('message', (report: ThreadReport) => {
      for (const listener of [...this.listeners]) listener(report);
    });
    this.exited = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    this.broken = new Promise((_, reject) => {
      this.worker.once('error', (error: unknown) => reject(this.failure(error)));
      this.worker.once('exit', () => reject(this.failure('its thread ended')));
      this.listen((report) => {
        if (report.type === 'broken') reject(this.failure(report.message));
      });
    });
    // Whoever waits for something of this thread races with it; at other times nobody needs to.
    this.broken.catch(() => {});
  }

  send(command: ThreadCommand): void {
    this.worker.postMessage(command);
  }

  /** Calls back with every report. Returns a function that ends it. */
  listen(listener: (report: ThreadReport) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The first report that fits. Rejects when the thread breaks before. */
  async report<Type extends ThreadReport['type']>(
    type: Type,
    fits: (report: Extract<ThreadReport, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<ThreadReport, { type: Type }>> {
    let end = () => {};
    const found = new Promise<Extract<ThreadReport, { type: Type }>>((resolve) => {
      end = this.listen((report) => {
        if (report.type !== type) return;
        const match = report as Extract<ThreadReport, { type: Type }>;
        if (fits(match)) resolve(match);
      });
    });
    try {
      return await Promise.race([found, this.broken]);
    } finally {
      end();
    }
  }

  /** Closes the client and ends the thread, within `closeTimeoutMs`. */
  async close(): Promise<void> {
    this.send({ type: 'close' });
    const timer = setTimeout(() => void this.worker.terminate(), closeTimeoutMs);
    await this.exited;
    clearTimeout(timer);
  }

  /** Ends the thread at once; its client says no goodbye. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private failure(cause: unknown): Error {
    return new Error(`${this.name}: ${errorMessage(cause)}`, { cause });
  }
}
