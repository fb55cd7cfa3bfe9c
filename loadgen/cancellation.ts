import type { ActivityCancellationDetails } from '@temporalio/common';

/**
 * What a cancelled measurement does:
 * - `return-partial`: someone asked for it, and waits for what was measured so far.
 * - `give-up`: nobody waits. The attempt timed out, was reset or paused, or its workflow is gone, and another attempt may
 *   own the measurement by now; or this process is ending. So nothing may be written any more.
 */
export function onCancellation(
  details: Pick<ActivityCancellationDetails, 'cancelRequested' | 'notFound' | 'timedOut'> | undefined,
): 'return-partial' | 'give-up' {
  return details?.cancelRequested && !details.notFound && !details.timedOut ? 'return-partial' : 'give-up';
}
