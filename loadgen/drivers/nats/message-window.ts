import type { OutgoingMessage } from '../../measure/message-pool.ts';
import { Fifo } from '../sender/fifo.ts';
import { Resting } from '../sender/resting.ts';
import type { EndedRequest, SendWindow } from '../sender/window.ts';
import { Slot } from './slot.ts';

/** Rests end together within this. */
const restStepMs = 10;

/**
 * The window of a producer whose messages go singly: so many may be published and not settled, those among them that
 * rest before they go again.
 */
export class MessageWindow implements SendWindow<Slot> {
  /** While true, nothing goes. */
  paused = false;
  /** By their numbers. */
  readonly slots: Slot[] = [];
  private readonly size: number;
  private readonly inbox: string;
  private readonly random: () => number;
  private readonly free: Slot[] = [];
  private readonly fresh = new Fifo<OutgoingMessage>();
  private readonly due = new Fifo<Slot>();
  private readonly resting = new Resting<Slot>(restStepMs);
  /** Stands for messages that have no slot yet. */
  private readonly visitor: Slot;

  /**
   * @param size most messages that are published and not settled
   * @param random from 0 to below 1, for the rests
   */
  constructor(size: number, inbox: string, random: () => number = Math.random) {
    this.size = size;
    this.inbox = inbox;
    this.random = random;
    this.visitor = new Slot(0, inbox);
  }

  add(message: OutgoingMessage): void {
    this.fresh.push(message);
  }

  /** Whether there is a slot for a message that was never sent. */
  get hasRoom(): boolean {
    return this.free.length > 0 || this.slots.length < this.size;
  }

  next(nowMs: number): readonly Slot[] | undefined {
    if (this.paused) return undefined;
    if (this.resting.count > 0) this.resting.wake(nowMs, (slot) => this.due.push(slot));
    const slot = this.due.shift();
    if (slot) return slot.alone;
    if (!this.hasRoom) return undefined;
    const message = this.fresh.shift();
    return message && this.take(message).alone;
  }

  ended({ batch, again, nowMs }: EndedRequest<Slot>): void {
    const slot = batch[0] as Slot;
    slot.underWay = false;
    if (again.length > 0) this.resting.add(slot, nowMs + slot.attempts.backoffMs(this.random));
    else this.release(slot);
  }

  /** Of those never sent, looks only as far as they are wanted: the oldest come first. */
  giveUp(isWanted: (slot: Slot) => boolean, done: (slot: Slot) => void): void {
    const wanted = this.resting.takeOut(isWanted);
    for (let left = this.due.length; left > 0; left--) {
      const slot = this.due.shift() as Slot;
      if (isWanted(slot)) wanted.push(slot);
      else this.due.push(slot);
    }
    for (const slot of wanted) {
      done(slot);
      this.release(slot);
    }
    const { visitor } = this;
    for (let message = this.fresh.peek(); message; message = this.fresh.peek()) {
      visitor.begin(message);
      if (!isWanted(visitor)) break;
      this.fresh.shift();
      done(visitor);
    }
    visitor.end();
  }

  get wakeAtMs(): number | null {
    return this.paused ? null : this.resting.wakeAtMs;
  }

  private take(message: OutgoingMessage): Slot {
    let slot = this.free.pop();
    if (!slot) {
      slot = new Slot(this.slots.length, this.inbox);
      this.slots.push(slot);
    }
    slot.begin(message);
    return slot;
  }

  private release(slot: Slot): void {
    slot.end();
    this.free.push(slot);
  }
}
