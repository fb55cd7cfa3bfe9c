import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface EventListeners {
  onEvent: (event: EventSourceMessage) => void;
  /** A sign of life of a server that has nothing to tell. */
  onComment: () => void;
}

/** The connection is open, and nothing comes any more: a server says something every second or so. */
export class StreamStalled extends Error {
  override name = 'StreamStalled';
}

/**
 * Server-Sent Events of a body, until it ends.
 * @throws StreamStalled after `longestSilenceMs` without a byte
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  listeners: EventListeners,
  longestSilenceMs: number,
): Promise<void> {
  const parser = createParser(listeners);
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await within(longestSilenceMs, reader.read());
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @throws StreamStalled where it takes longer */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StreamStalled(`Nothing came for ${ms / 1_000} s.`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
