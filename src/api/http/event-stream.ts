import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { visibleJson } from '../../contracts/input/text/invisible.ts';
import { HttpProblem } from './problems.ts';
import type { PollEvent, SharedPoller } from './shared-poller.ts';

/** Streams of a process at once; each holds a connection, and has something asked of Temporal every second. */
const usualPlaces = 500;
const retryAfterSeconds = 10;

/** What all event streams of a process share. */
export interface EventStreamOptions {
  /** How many there may be at once. */
  places?: number;
  /** How long a client may take none of what it is sent. */
  stalledAfterMs?: number;
  /** Ends all of them, on shutdown. */
  shutdown: AbortSignal;
}

/** The event streams of a process, of which there is a bounded number. */
export class EventStreams {
  private readonly places: number;
  private readonly stalledAfterMs: number;
  private readonly shutdown: AbortSignal;
  private taken = 0;

  constructor({ places = usualPlaces, stalledAfterMs = 30_000, shutdown }: EventStreamOptions) {
    this.places = places;
    this.stalledAfterMs = stalledAfterMs;
    this.shutdown = shutdown;
  }

  /** How many there are. */
  get open(): number {
    return this.taken;
  }

  /**
   * Answers with Server-Sent Events: `progress` with the detail about once a second, and `closed` with the last one,
   * after which the stream ends. While nothing can be read, comments keep the connection alive. A client that goes away,
   * or takes nothing for a while, gives its place to another.
   * @throws HttpProblem 503 where there are too many
   */
  answer<T extends { spec: unknown }>(c: Context, poller: SharedPoller<T>, id: string): Response {
    // Whoever asks for the headers alone reads no stream, and would never end it.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
    if (this.taken >= this.places) {
      throw new HttpProblem(
        503,
        `This process serves ${this.places} event streams already, which is the most; try again in ${retryAfterSeconds} seconds, or ask for the document itself.`,
        { headers: { 'Retry-After': String(retryAfterSeconds) } },
      );
    }
    this.taken += 1;
    // Proxies would otherwise collect events before they hand them on.
    c.header('X-Accel-Buffering', 'no');
    return streamSSE(c, async (stream) => {
      try {
        await this.send(stream, poller, id, c.req.header('last-event-id'));
      } finally {
        this.taken -= 1;
      }
    });
  }

  private async send<T extends { spec: unknown }>(
    stream: SSEStreamingApi,
    poller: SharedPoller<T>,
    id: string,
    lastEventId: string | undefined,
  ): Promise<void> {
    const queue: PollEvent<T>[] = [];
    let wake = () => {};
    const unlisten = poller.listen(id, (event) => {
      // A slow reader gets the latest state, not a backlog.
      if (event.kind !== 'closed') queue.length = 0;
      queue.push(event);
      wake();
    });
    const send = sender<T>(stream, lastEventId);
    let ended = this.shutdown.aborted;
    const end = () => {
      ended = true;
      wake();
    };
    stream.onAbort(end);
    this.shutdown.addEventListener('abort', end, { once: true });
    try {
      while (!ended) {
        const event = queue.shift();
        if (!event) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else {
          const stalled = setTimeout(() => stream.abort(), this.stalledAfterMs);
          if (event.kind === 'silence') await stream.write(': no news; still here\n\n');
          else await send('progress', event.value);
          if (event.kind === 'closed') await send('closed', event.value);
          clearTimeout(stalled);
          ended ||= event.kind === 'closed';
        }
      }
    } finally {
      unlisten();
      this.shutdown.removeEventListener('abort', end);
    }
  }
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
    const data = visibleJson(JSON.stringify(isKnown ? { ...value, spec: undefined } : value));
    return stream.writeSSE({ event, id: String(number), data });
  };
}
