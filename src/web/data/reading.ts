/** As much of a document as tells whether somebody sees it. */
export interface Seen extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly hidden: boolean;
}

export interface ReadingOptions {
  /** Whether it succeeded; never throws. */
  read: () => Promise<boolean>;
  /** A pause between the end of one reading and the next; without, it is read once. */
  everyMs?: number;
  page: Seen;
  signal: AbortSignal;
}

/**
 * Reads at once, seen or not; again at intervals while the page is seen, and when it is seen again: then also what has
 * failed.
 */
export function keepReading({ read, everyMs, page, signal }: ReadingOptions): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let hasFailed = false;
  const once = async () => {
    clearTimeout(timer);
    isReading = true;
    hasFailed = !(await read());
    isReading = false;
    if (everyMs && !signal.aborted) timer = setTimeout(ifSeen, everyMs);
  };
  const ifSeen = () => {
    if (!page.hidden && !isReading && !signal.aborted) void once();
  };
  const seenAgain = () => {
    if (everyMs || hasFailed) ifSeen();
  };
  page.addEventListener('visibilitychange', seenAgain);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    page.removeEventListener('visibilitychange', seenAgain);
  });
  void once();
}
