import { Context } from '@temporalio/activity';

const heartbeatMs = 1_000;

/**
 * Heartbeats for this activity, at once and then each second, until the work has ended. On a timer of its own: a busy
 * thread, a slow storage or an upload must not be taken for a dead process.
 * @param details what the heartbeat tells, asked each time
 * @param mayBeat asked before each; where it says no, this attempt wants to be given up
 */
export async function whileHeartbeating<T>(
  work: () => Promise<T>,
  {
    details = () => undefined,
    mayBeat = () => true,
  }: { details?: () => unknown; mayBeat?: () => boolean } = {},
): Promise<T> {
  const context = Context.current();
  const beat = () => {
    if (mayBeat()) context.heartbeat(details());
  };
  beat();
  const timer = setInterval(beat, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
