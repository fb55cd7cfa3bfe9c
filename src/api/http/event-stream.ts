import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { PollEvent, SharedPoller } from './shared-poller.ts';

/**
 * Answers with Server-Sent Events: `progress` with the detail about once a second, and `closed` with the last one,
 * after which the stream ends. While nothing can be read, comments keep the connection alive.
 * @param signal ends all streams, on shutdown
 */
export function eventStream<T>(
  c: Context,
  poller: SharedPoller<T>,
  id: string,
  signal: AbortSignal,
): Response {
  // Proxies would otherwise collect events before they hand them on.
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, async (stream) => {
    const queue: PollEvent<T>[] = [];
    let wake = () => {};
    const unlisten = poller.listen(id, (event) => {
      // A slow reader gets the latest state, not a backlog.
      if (event.kind !== 'closed') queue.length = 0;
      queue.push(event);
      wake();
    });
    let ended = signal.aborted;
    const end = () => {
      ended = true;
      wake();
    };
    stream.onAbort(end);
    signal.addEventListener('abort', end, { once: true });
    try {
      while (!ended) {
        const event = queue.shift();
        if (!event) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (event.kind === 'silence') {
          await stream.write(': no news; still here\n\n');
        } else {
          const data = JSON.stringify(event.value);
          await stream.writeSSE({ event: 'progress', data });
          if (event.kind === 'closed') {
            await stream.writeSSE({ event: 'closed', data });
            return;
          }
        }
      }
    } finally {
      unlisten();
      signal.removeEventListener('abort', end);
    }
  });
}
