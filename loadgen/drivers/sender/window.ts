import type { Attempts } from './attempts.ts';

/** What is sent, and sent again, as one: a batch of messages, or a single one. */
export interface Sendable {
  readonly attempts: Attempts;
}

/** A request whose end is known. */
export interface EndedRequest<Unit> {
  batch: readonly Unit[];
  /** What of it goes again, after a rest. */
  again: readonly Unit[];
  nowMs: number;
  tookMs: number;
  /** Requests in a row that nobody answered, this one among them. */
  unanswered: number;
}

/**
 * What waits to be sent, in which order it may go, and how much of it may be under way. A technology that keeps order,
 * one with quotas, and one whose messages go singly have one each.
 */
export interface SendWindow<Unit extends Sendable> {
  /** Takes out what may go now, as one request; undefined for nothing. The array is the request's name until it ended. */
  next(nowMs: number): readonly Unit[] | undefined;
  /** Notes the end of a request that `next` gave out. What does not go again is settled already. */
  ended(request: EndedRequest<Unit>): void;
  /** Takes out those waiting that are wanted; each is done with after `done`. */
  giveUp(isWanted: (unit: Unit) => boolean, done: (unit: Unit) => void): void;
  /** When `next` may have something though nothing was added and nothing ended; null for never. */
  readonly wakeAtMs: number | null;
}
