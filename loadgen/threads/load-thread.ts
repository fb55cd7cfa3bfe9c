import { Worker } from 'node:worker_threads';
import { inheritedEnvironment } from '../../src/config.ts';
import { errorMessage } from '../error-message.ts';
import { codeVersion } from './code-version.ts';
import type { ThreadCommand, ThreadData, ThreadReport } from './protocol.ts';

/** How long a client may take to say goodbye before its thread is ended all the same. */
const closeTimeoutMs = 2_000;

/**
 * Size of each thread's young generation. Clients allocate several buffers a message: with less room they outlive the
 * young generation, with much more their memory outside the heap asks for a full collection; both stop the thread for
 * 10 ms and more, several times a second. Measured with kafkajs at 5,000 messages/s: full collections in 7 s with 16,
 * 48 and 400 MB: 16, 5 and 56.
 */
const youngGenerationMegabytes = 48;

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
