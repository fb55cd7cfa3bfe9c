import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { PollEvent, SharedPoller } from './shared-poller.ts';

/**
 * Answers with Server-Sent Events: `progress` with the detail about once a second, and `closed` with the last one,
 * after which the stream ends. While nothing can be read, comments keep the connection alive.
 * @param signal ends all streams, on shutdown
 */
export function eventStream<T extends { spec: unknown }>(
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
    const send = sender<T>(stream, c.req.header('last-event-id'));
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
          await send('progress', event.value);
          if (event.kind === 'closed') {
            await send('closed', event.value);
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

/**
 * Sends events, numbered on from where a client that comes back left off. The first and the last are complete; those
 * between leave out the `spec`, most of the document, unless it is another than in the event before.
 */
function sender<T extends { spec: unknown }>(stream: SSEStreamingApi, lastEventId = '') {
  let number = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : 0;
  let lastSpec: string | null = null;
  return (event: 'progress' | 'closed', value: T): Promise<void> => {
    const spec = JSON.stringify(value.spec);
    const isKnown = spec === lastSpec && event !== 'closed';
    lastSpec = spec;
    number += 1;
    const data = JSON.stringify(isKnown ? { ...value, spec: undefined } : value);
    return stream.writeSSE({ event, id: String(number), data });
  };
}
