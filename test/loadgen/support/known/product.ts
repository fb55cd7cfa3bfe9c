/**
 * A product of which everything is known: how long it takes for each message, and what it does with it. It runs in a
 * thread of its own, so that clients that are held up do not hold up the product. When each message was sent, confirmed
 * and handed over is noted by whoever did it, at the moment that it did: what a session measures must agree, however
 * busy the machine is.
 */
export type Delay =
  | { kind: 'constant'; ms: number }
  /** Every so many messages, one takes longer. */
  | { kind: 'bimodal'; ms: number; slowMs: number; every: number }
  /** Evenly between two bounds. */
  | { kind: 'jitter'; leastMs: number; mostMs: number }
  /** What comes in between two moments, counted from the first message, waits for the second of them. */
  | { kind: 'stall'; ms: number; fromMs: number; untilMs: number };

export type Fate =
  /** Confirmed, and never handed out. */
  | 'lose'
  /** Not taken, and said so. */
  | 'refuse'
  /** Handed out a second time, `laterMs` after the first. */
  | 'duplicate'
  /** Taken, handed out `laterMs` late, and never confirmed for sure. */
  | 'doubt'
  /** Tried twice by the client, after a doubt: confirmed, and handed out a second time, `laterMs` after the first. */
  | 'retry';

/** Fates go by the last digits of a message's number. */
export const fateCycle = 20;

/** Keeps a client's thread from doing anything else, again and again, from its first measured message on. */
export interface Hold {
  role: 'producer' | 'consumer';
  everyMs: number;
  forMs: number;
  /** A spinning thread uses its core, a paused one does not. */
  how: 'spin' | 'pause';
  /** The holds end, and what the thread used of the processor is noted. */
  lastsMs: number;
}

export interface KnownEndpoint {
  /** Prefix of the channels between the clients' threads and the product's. */
  channel: string;
  publish: Delay;
  /** From when a message comes in. */
  deliver: Delay;
  fates?: Record<number, Fate>;
  laterMs?: number;
  hold?: Hold;
  /** Clients encode messages by themselves; where there is a number, they take no more while so many are under way. */
  encodes?: boolean | number;
  /** How far ahead the producers' clock is of the consumers'. */
  aheadMs?: number;
  /** Of warm-up messages too: how long the product keeps each of them. */
  warmupMs?: number;
  /** Warm-up messages are handed out one by one, this far apart. */
  warmupGapMs?: number;
  /** Only after this is every other message of the warm-up confirmed, and handed out. */
  warmupHeldMs?: number;
  partitions: number;
  /** What became of each message of the first measured round: times in a row, monotonic microseconds, 0 for none. */
  notes: SharedArrayBuffer[];
  /** Processor time and time that a held thread used, in microseconds. */
  used: SharedArrayBuffer;
  /** Intended time of the first message, in monotonic microseconds. */
  anchor: SharedArrayBuffer;
}

/**
 * What is noted of a message, at `index * noted.length`: when it was handed to the client by what the load generator says,
 * and by what the client saw; when it was confirmed, and when the client had said so; when it arrived.
 */
export const noted = ['handed', 'sent', 'confirmed', 'settled', 'arrived'] as const;
export type Noted = (typeof noted)[number];

export function note(notes: Float64Array, sequence: number, what: Noted, micros: number): void {
  const index = sequence * noted.length + noted.indexOf(what);
  if (notes[index] === 0) notes[index] = micros;
}

/** What a client tells the product: a message that it sends. */
export interface SentMessage {
  producer: number;
  round: number;
  sequence: number;
  value: Uint8Array;
}

/** What the product tells a producer. */
export interface Answer {
  round: number;
  sequence: number;
  outcome: 'acknowledged' | 'failed' | 'indeterminate';
  /** The client had tried it before, and did not know what became of that. */
  afterDoubt: boolean;
}

/** What the product hands out. */
export interface Delivery {
  partition: number;
  value: Uint8Array;
}

export const channels = {
  sent: (channel: string) => `${channel}-sent`,
  answers: (channel: string, producer: number) => `${channel}-answers-${producer}`,
  deliveries: (channel: string) => `${channel}-deliveries`,
};

/** Share of the way from 0 to 1 that spreads over a range as evenly as can be. */
function evenly(sequence: number): number {
  return (sequence * 0.618_033_988_749_895) % 1;
}

/** How long the product takes, in milliseconds. */
export function delayMs(delay: Delay, sequence: number, sinceFirstMs: number): number {
  switch (delay.kind) {
    case 'constant':
      return delay.ms;
    case 'bimodal':
      return sequence % delay.every === 0 ? delay.slowMs : delay.ms;
    case 'jitter':
      return delay.leastMs + evenly(sequence) * (delay.mostMs - delay.leastMs);
    case 'stall':
      return (
        delay.ms +
        (sinceFirstMs >= delay.fromMs && sinceFirstMs < delay.untilMs ? delay.untilMs - sinceFirstMs : 0)
      );
  }
}
