import type { OpenSessionInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import { errorMessage } from '../error-message.ts';
import { SessionError } from '../session-error.ts';
import { LoadThread } from '../threads/load-thread.ts';
import type { ThreadReport } from '../threads/protocol.ts';

/** The threads of a session, one a client: they live as long as it does, through all of its rounds. */
export class SessionThreads {
  readonly producers: readonly LoadThread[];
  readonly consumers: readonly LoadThread[];
  private readonly all: readonly LoadThread[];

  /** @param driverModule URL of the module that exports the technology's driver */
  constructor(input: OpenSessionInput, driverModule: string) {
    const { experimentId, session, settings, endpoint, workload } = input;
    const start = (role: 'producer' | 'consumer', index: number, count: number) =>
      new LoadThread({
        role,
        driverModule,
        settings,
        endpoint,
        sessionName: `cmp-${experimentId}-${session}`,
        session,
        index,
        count,
        workload,
      });
    this.producers = input.producers.map((index) => start('producer', index, workload.producers));
    this.consumers = input.consumers.map((index) => start('consumer', index, workload.consumers));
    this.all = [...this.producers, ...this.consumers];
  }

  /** What each thread says once it has connected. */
  opened(): Promise<Extract<ThreadReport, { type: 'opened' }>[]> {
    return this.unlessBroken(Promise.all(this.all.map((thread) => thread.report('opened'))));
  }

  /**
   * Waits for something of the threads.
   * @throws SessionError as soon as one of them breaks
   */
  async unlessBroken<T>(work: Promise<T>): Promise<T> {
    // A thread's own promise may reject in place of this one.
    work.catch(() => {});
    try {
      return await Promise.race([work, ...this.all.map((thread) => thread.broken)]);
    } catch (error) {
      if (error instanceof SessionError) throw error;
      throw new SessionError('thread-broken', errorMessage(error), { cause: error });
    }
  }

  /** Has the product deleted what it holds, where there is a consumer here. */
  async emptyProduct(): Promise<void> {
    const [consumer] = this.consumers;
    if (!consumer) return;
    const emptied = consumer.report('emptied');
    consumer.send({ type: 'empty' });
    await emptied;
  }

  /** Closes the clients and ends the threads; with `atOnce`, without a goodbye. */
  async close(atOnce: boolean): Promise<void> {
    await Promise.all(this.all.map((thread) => (atOnce ? thread.terminate() : thread.close())));
  }
}
