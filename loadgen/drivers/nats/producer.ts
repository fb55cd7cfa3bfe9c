import { createInbox, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { OutgoingMessage } from '../../measure/message-pool.ts';
import type { MessageProducer } from '../driver.ts';
import { type AttemptResult, acknowledged } from '../sender/attempts.ts';
import { systemClock } from '../sender/clock.ts';
import { Sender } from '../sender/sender.ts';
import { Settlements } from '../sender/settlements.ts';
import { resultOfAnswer } from './acknowledgement.ts';
import { connectNats, type NatsProducerContext, subjectOf } from './connection.ts';
import { fnv1a } from './fnv1a.ts';
import { MessageWindow } from './message-window.ts';
import { numberAt, type Slot, slotOf } from './slot.ts';

/** How long an acknowledgement may take before the message is published again: the client library's own default. */
export const acknowledgementTimeoutMs = 5_000;
/** How often to look for acknowledgements that are overdue. */
const sweepEveryMs = 100;

const wasAcknowledged = () => acknowledged;

/**
 * A producer that publishes as many messages as the window allows and gets their acknowledgements on one subscription,
 * as NATS's asynchronous publishers in other languages do: the library's own `publish` costs a promise and a timer for
 * each message, and what it had not flushed when the connection broke is gone without a word.
 */
export async function createNatsProducer(context: NatsProducerContext): Promise<MessageProducer> {
  const connection = await connectNats(context, 'producer');
  return new NatsProducer(connection, context);
}

class NatsProducer implements MessageProducer {
  private readonly connection: NatsConnection;
  private readonly context: NatsProducerContext;
  private readonly subjects: string[];
  private readonly window: MessageWindow;
  private readonly settlements: Settlements;
  private readonly sender: Sender<Slot>;
  private readonly sweeper: NodeJS.Timeout;
  private lastSubject = 0;

  constructor(connection: NatsConnection, context: NatsProducerContext) {
    this.connection = connection;
    this.context = context;
    const { publishMode, publishWindow, subjects } = context.settings;
    this.subjects = Array.from({ length: subjects }, (_, partition) =>
      subjectOf(context.endpoint, partition),
    );
    const inbox = createInbox();
    const settlements = new Settlements(context.settle);
    this.settlements = settlements;
    this.window = new MessageWindow(publishMode === 'synchronous' ? 1 : publishWindow, inbox);
    this.sender = new Sender({
      window: this.window,
      clock: systemClock,
      attempt: (batch) => this.publish(batch[0] as Slot),
      settle: ({ message }, outcome, reason) => settlements.add(message, outcome, reason),
      throttled: (_, reason) => context.throttled(1, reason),
      doubted: () => context.doubted(1),
      log: context.log,
    });
    const numberOffset = inbox.length + 1;
    connection.subscribe(`${inbox}.*`, {
      callback: (error, answer) => {
        if (!error) this.answered(numberAt(answer.subject, numberOffset), answer);
      },
    });
    this.sweeper = setInterval(() => this.failOverdue(), sweepEveryMs);
    void this.watchConnection();
  }

  send(message: OutgoingMessage): void {
    message.partition = this.partitionOf(message.key);
    this.window.add(message);
    if (this.window.hasRoom) this.sender.drain();
  }

  /** The library sends at the end of the event loop's turn. */
  flush(): void {}

  giveUpWaiting(): void {
    this.sender.giveUpWaiting();
    this.settlements.flush();
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    this.sender.close();
    this.failUnderWay('the producer was closed');
    this.settlements.flush();
    await this.connection.close();
  }

  /** Without a key, to each subject in turn. */
  private partitionOf(key: Buffer | null): number {
    const { length } = this.subjects;
    if (key) return fnv1a(key) % length;
    this.lastSubject = (this.lastSubject + 1) % length;
    return this.lastSubject;
  }

  private publish(slot: Slot): void {
    const { message, options } = slot;
    slot.attempted();
    try {
      if (this.context.settings.deduplicationWindowSeconds > 0) options.headers = this.headersOf(message);
      this.connection.publish(this.subjects[message.partition] as string, message.value, options);
    } catch (error) {
      // It checks before it writes anything.
      const { name, message: detail } = error as Error;
      this.sender.ended(slot.alone, () => ({ kind: 'not-sent', retriable: false, reason: name, detail }));
    }
  }

  /** The id by which the stream recognises a message that it has taken before. */
  private headersOf({ round, sequence }: OutgoingMessage) {
    const { sessionName, index } = this.context;
    const own = headers();
    own.set('Nats-Msg-Id', `${sessionName}-${index}-${round}-${sequence}`);
    return own;
  }

  private answered(number: number, answer: Msg): void {
    const { index, generation } = slotOf(number);
    const slot = this.window.slots[index];
    const attempt = slot?.answered(generation);
    if (!slot || !attempt) return;
    const result = resultOfAnswer(answer);
    if (result.kind === 'acknowledged') {
      // Whichever attempt it was that arrived.
      if (slot.underWay) this.sender.ended(slot.alone, wasAcknowledged);
      else this.sender.acknowledgedLate(slot);
    } else if (attempt === 'latest' && slot.underWay) {
      this.sender.ended(slot.alone, () => result);
    }
  }

  private failOverdue(): void {
    const overdueMs = systemClock.nowMs() - acknowledgementTimeoutMs;
    const reason = `no acknowledgement within ${acknowledgementTimeoutMs / 1_000} s`;
    this.failUnderWay(reason, ({ attempts }) => attempts.beganMs <= overdueMs);
  }

  /** What was written and not answered may have arrived. */
  private failUnderWay(reason: string, isMeant: (slot: Slot) => boolean = () => true): void {
    const result: AttemptResult = { kind: 'in-doubt', retriable: true, reason };
    // First all, since the end of one lets another go.
    const meant = this.window.slots.filter((slot) => slot.underWay && isMeant(slot));
    for (const { alone } of meant) this.sender.ended(alone, () => result);
  }

  private async watchConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect') {
        this.window.paused = true;
        this.failUnderWay('the connection broke');
      } else if (type === 'reconnect') {
        this.window.paused = false;
        this.sender.drain();
      }
    }
  }
}
