import { setTimeout as delay } from 'node:timers/promises';

/** What a poll gives a listener. */
export type PollEvent<T> = { kind: 'value'; value: T } | { kind: 'closed'; value: T } | { kind: 'silence' };

export interface SharedPollerOptions<T> {
  intervalMs: number;
  /** null where the thing no longer exists. */
  poll(key: string): Promise<T | null>;
  isClosed(value: T): boolean;
}

/** However many are watched, no more is asked for in a second than this lets through. */
const betweenPollsMs = 20;

interface Watched<T> {
  listeners: Set<(event: PollEvent<T>) => void>;
  stop: AbortController;
}

/**
 * Polls each key once at a time however many listen, and not at all when nobody does; where very many are watched, each
 * more rarely.
 */
export class SharedPoller<T> {
  private readonly options: SharedPollerOptions<T>;
  private readonly watched = new Map<string, Watched<T>>();

  constructor(options: SharedPollerOptions<T>) {
    this.options = options;
  }

  /** How many keys are being polled. */
  get active(): number {
    return this.watched.size;
  }

  /**
   * Listens until the returned function is called or a `closed` event has come. A poll that fails gives `silence`.
   * The first event comes at once where this is the first listener, else with the next poll.
   */
  listen(key: string, listener: (event: PollEvent<T>) => void): () => void {
    let watched = this.watched.get(key);
    if (!watched) {
      watched = { listeners: new Set(), stop: new AbortController() };
      this.watched.set(key, watched);
      void this.run(key, watched);
    }
    const { listeners } = watched;
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.forget(key, watched);
    };
  }

  private async run(key: string, watched: Watched<T>): Promise<void> {
    while (!watched.stop.signal.aborted) {
      const event = await this.poll(key);
      for (const listener of [...watched.listeners]) listener(event);
      if (event.kind === 'closed') this.forget(key, watched);
      else await delay(this.waitMs(), undefined, { signal: watched.stop.signal }).catch(() => {});
    }
  }

  private waitMs(): number {
    return Math.max(this.options.intervalMs, this.watched.size * betweenPollsMs);
  }

  private async poll(key: string): Promise<PollEvent<T>> {
    try {
      const value = await this.options.poll(key);
      if (value === null) return { kind: 'silence' };
      return { kind: this.options.isClosed(value) ? 'closed' : 'value', value };
    } catch {
      return { kind: 'silence' };
    }
  }

  private forget(key: string, watched: Watched<T>): void {
    watched.stop.abort();
    if (this.watched.get(key) === watched) this.watched.delete(key);
  }
}
