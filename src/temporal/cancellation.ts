import type { Context } from '@temporalio/activity';
import type { ActivityCancellationDetailsOptions } from '@temporalio/common';

/** Why an attempt of an activity must not go on as it is. */
export type AttemptEnding =
  /** Somebody asked for it, and waits: bring what runs to an orderly end, and give what there is so far. */
  | 'cancelled'
  /**
   * Nobody waits. The attempt timed out, was paused or reset, its workflow is gone, or this worker stops: another attempt
   * may own the work by now, so write nothing more and end.
   */
  | 'lost';

/** What a cancellation means by its details. Only a request to cancel, and nothing beside it, is one. */
export function cancellationOf(details: ActivityCancellationDetailsOptions | undefined): AttemptEnding {
  const isLost =
    details?.notFound || details?.timedOut || details?.workerShutdown || details?.paused || details?.reset;
  return details?.cancelRequested && !isLost ? 'cancelled' : 'lost';
}

/** How the attempt that runs in a context must end; null while it may go on. */
export function endingOf({
  cancellationSignal,
  cancellationDetails,
}: Pick<Context, 'cancellationSignal' | 'cancellationDetails'>): AttemptEnding | null {
  return cancellationSignal.aborted ? cancellationOf(cancellationDetails) : null;
}
