import { CancellationScope, CancelledFailure } from '@temporalio/workflow';

export interface StopRequest {
  reason: string | null;
  atEpochMs: number;
  /** Name of the API key by which; null, or left out, where there is none. */
  by?: string | null;
  /** Whether Temporal, rather than the signal alone, has asked for it. */
  byTemporal?: boolean;
  /** Whether it ended no more than the keeping of what was measured by then. */
  whileKept?: boolean;
}

/**
 * Makes the `cancel` signal and a Temporal cancellation one thing. The workflow's body runs in a non-cancellable scope;
 * only what it passes to `interruptible` is stopped, and whatever follows goes on undisturbed.
 */
export class Stopper {
  /** Whether Temporal has asked for it of this very run, rather than of one before that went on as new. */
  cancelledHere = false;
  private readonly state: { stop: StopRequest | null };
  private readonly scopes = new Set<CancellationScope>();

  /** @param state where the request is kept, and one from a run before may lie already */
  constructor(state: { stop: StopRequest | null }) {
    this.state = state;
    CancellationScope.current().cancelRequested.catch(() => {
      this.cancelledHere = true;
      this.stop(null);
      this.state.stop = { ...(this.state.stop as StopRequest), byTemporal: true };
    });
  }

  /** Only then may the workflow close as Canceled; its effect is otherwise that of the signal. */
  get cancelledByTemporal(): boolean {
    return this.state.stop?.byTemporal ?? false;
  }

  /** The first request is kept; later ones change nothing. A signal from the Web UI may give anything in it. */
  stop(reason: unknown, by: unknown = null): void {
    this.state.stop ??= { reason: inText(reason), atEpochMs: Date.now(), by: inText(by) };
    for (const scope of this.scopes) scope.cancel();
  }

  /** Runs `body` until it ends or a stop is asked for, in which case whatever it awaits is cancelled. */
  async interruptible<T>(body: () => Promise<T>): Promise<T> {
    if (this.state.stop) throw new CancelledFailure('stop requested');
    const scope = new CancellationScope({ cancellable: true });
    this.scopes.add(scope);
    try {
      return await scope.run(body);
    } finally {
      this.scopes.delete(scope);
    }
  }
}

function inText(reason: unknown): string | null {
  if (typeof reason === 'string') return reason;
  return reason === undefined || reason === null ? null : JSON.stringify(reason);
}
