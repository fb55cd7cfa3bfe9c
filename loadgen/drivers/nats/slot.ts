import type { PublishOptions } from '@nats-io/transport-node';
import type { OutgoingMessage } from '../../measure/message-pool.ts';
import { Attempts } from '../sender/attempts.ts';
import type { Sendable } from '../sender/window.ts';

/** More slots than a window has. A reply's number is its slot's, and this many more for each time it was renewed. */
const slotNumbers = 2 ** 20;

/** A place in the window, used for one message after the other, with all that a message needs there. */
export class Slot implements Sendable {
  readonly attempts = new Attempts(0);
  /** The slot as a request of its own. */
  readonly alone: readonly Slot[] = [this];
  readonly options: PublishOptions;
  underWay = false;
  private readonly index: number;
  private readonly inbox: string;
  private held: OutgoingMessage | null = null;
  /** Times that the reply was renewed: since ever, and until the message's first attempt. */
  private generation = 0;
  private firstGeneration = 0;
  private answersDue = 0;

  /** @param inbox under which answers come back */
  constructor(index: number, inbox: string) {
    this.index = index;
    this.inbox = inbox;
    this.options = { reply: `${inbox}.${index}` };
  }

  /** Holds another message. A reply to which answers may yet come would mistake them for that one's. */
  begin(message: OutgoingMessage): void {
    if (this.answersDue > 0) this.renewReply();
    this.answersDue = 0;
    this.firstGeneration = this.generation;
    this.held = message;
    this.underWay = false;
    this.attempts.renew(message.sentMicros / 1_000);
  }

  get message(): OutgoingMessage {
    if (!this.held) throw new Error('the slot holds no message');
    return this.held;
  }

  /** Before each publishing. Every attempt but the first has a reply of its own, to tell their answers apart. */
  attempted(): void {
    if (this.attempts.begun > 1) this.renewReply();
    this.underWay = true;
    this.answersDue++;
  }

  /** Notes an answer. Returns to which attempt it was, or null when it is to none of this message's. */
  answered(generation: number): 'latest' | 'earlier' | null {
    if (!this.held || generation < this.firstGeneration || generation > this.generation) return null;
    this.answersDue--;
    return generation === this.generation ? 'latest' : 'earlier';
  }

  /** The message is settled. */
  end(): void {
    this.held = null;
    this.underWay = false;
  }

  private renewReply(): void {
    this.generation++;
    this.options.reply = `${this.inbox}.${this.generation * slotNumbers + this.index}`;
  }
}

/** Slot and generation of a reply's number. */
export function slotOf(number: number): { index: number; generation: number } {
  return { index: number % slotNumbers, generation: Math.floor(number / slotNumbers) };
}

const zero = 48;

/** The number at the end of an answer's subject, without making a string of it. */
export function numberAt(subject: string, offset: number): number {
  let number = 0;
  for (let place = offset; place < subject.length; place++)
    number = number * 10 + subject.charCodeAt(place) - zero;
  return number;
}
