import { createInbox, headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { monotonicMicros } from '../../measure/clock.ts';
import type { Outcome } from '../../measure/ledger.ts';
import type { OutgoingMessage } from '../../measure/message-pool.ts';
import type { MessageProducer } from '../driver.ts';
import { Attempts, deliveryTimeoutMs, type FailedAttempt } from '../sender/attempts.ts';
import { resultOfAnswer } from './acknowledgement.ts';
import { connectNats, type NatsProducerContext, subjectOf } from './connection.ts';
import { fnv1a } from './fnv1a.ts';

/** How long an acknowledgement may take before the message is published again: the client library's own default. */
const acknowledgementTimeoutMs = 5_000;
/** How often to look for acknowledgements that are overdue. */
const sweepEveryMs = 100;

/** A message within the window: published, and perhaps waiting to be published again. */
interface Outstanding {
  message: OutgoingMessage;
  attempts: Attempts | null;
  /** Numbers of all its attempts: the answer to an earlier one tells as much. */
  numbers: number[];
  /** When the latest attempt began, or null while none is under way. */
  attemptedMs: number | null;
  retry: NodeJS.Timeout | null;
}

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
  private readonly window: number;
  private readonly subjects: string[];
  private readonly inbox = createInbox();
  private readonly sweeper: NodeJS.Timeout;
  /** By the number of each attempt, oldest first. */
  private readonly byNumber = new Map<number, Outstanding>();
  private readonly outstanding = new Set<Outstanding>();
  /** Messages that wait for a place in the window, from `first` on. */
  private waiting: OutgoingMessage[] = [];
  private first = 0;
  private lastNumber = 0;
  private lastSubject = 0;
  private quietUntilMs = 0;
  private connected = true;
  private closed = false;

  constructor(connection: NatsConnection, context: NatsProducerContext) {
    this.connection = connection;
    this.context = context;
    const { publishMode, publishWindow, subjects } = context.settings;
    this.window = publishMode === 'synchronous' ? 1 : publishWindow;
    this.subjects = Array.from({ length: subjects }, (_, partition) =>
      subjectOf(context.endpoint, partition),
    );
    const skip = this.inbox.length + 1;
    connection.subscribe(`${this.inbox}.*`, {
      callback: (error, answer) => {
        if (!error) this.answered(Number(answer.subject.slice(skip)), answer);
      },
    });
    this.sweeper = setInterval(() => this.sweep(), sweepEveryMs);
    void this.watchConnection();
  }

  send(message: OutgoingMessage): void {
    message.partition = this.partitionOf(message.key);
    this.waiting.push(message);
    this.fill();
  }

  /** The library sends at the end of the event loop's turn. */
  flush(): void {}

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweeper);
    for (const one of [...this.outstanding]) {
      if (one.attemptedMs !== null) this.failed(one, doubt('the producer was closed', false));
      else this.giveUp(one);
    }
    this.settle(this.waiting.splice(0).slice(this.first), 'failed');
    await this.connection.close();
  }

  /** Without a key, to each subject in turn. */
  private partitionOf(key: Buffer | null): number {
    const { length } = this.subjects;
    if (key) return fnv1a(key) % length;
    this.lastSubject = (this.lastSubject + 1) % length;
    return this.lastSubject;
  }

  private fill(): void {
    while (this.connected && !this.closed && this.outstanding.size < this.window) {
      const message = this.waiting[this.first];
      if (!message) break;
      this.first++;
      const one: Outstanding = { message, attempts: null, numbers: [], attemptedMs: null, retry: null };
      this.outstanding.add(one);
      this.attempt(one);
    }
    // Now and then, for it costs a copy.
    if (this.first > 10_000 || this.first === this.waiting.length) {
      this.waiting.splice(0, this.first);
      this.first = 0;
    }
  }

  private attempt(one: Outstanding): void {
    const number = ++this.lastNumber;
    const { message } = one;
    one.retry = null;
    one.attemptedMs = performance.now();
    one.numbers.push(number);
    this.byNumber.set(number, one);
    try {
      this.connection.publish(this.subjects[message.partition] as string, message.value, {
        reply: `${this.inbox}.${number}`,
        headers: this.headersOf(message),
      });
    } catch (error) {
      // It checks before it writes anything.
      this.failed(one, { kind: 'not-sent', retriable: false, reason: String(error) });
    }
  }

  /** The id by which the stream recognises a message that it has taken before. */
  private headersOf({ run, sequence }: OutgoingMessage): MsgHdrs | undefined {
    if (this.context.settings.deduplicationWindowSeconds === 0) return undefined;
    const { sessionName, index } = this.context;
    const own = headers();
    own.set('Nats-Msg-Id', `${sessionName}-${index}-${run}-${sequence}`);
    return own;
  }

  private answered(number: number, answer: Msg): void {
    const one = this.byNumber.get(number);
    if (!one) return;
    const result = resultOfAnswer(answer);
    if (result.kind === 'acknowledged') {
      this.forget(one);
      this.settle([one.message], 'acknowledged');
      this.fill();
    } else if (one.attemptedMs !== null && number === one.numbers.at(-1)) {
      this.failed(one, result);
    }
  }

  private failed(one: Outstanding, result: FailedAttempt): void {
    const nowMs = performance.now();
    const startedMs = one.attemptedMs ?? nowMs;
    one.attempts ??= new Attempts(startedMs);
    one.attemptedMs = null;
    this.complain(result);
    const waitMs = one.attempts.afterFailure(result, nowMs);
    if (waitMs === null || this.closed) {
      this.giveUp(one);
      return;
    }
    if (result.kind === 'refused') this.context.throttled(1);
    one.retry = setTimeout(() => this.again(one), waitMs);
  }

  /** A whole window fails at once, and for the same reason: once a second tells enough. */
  private complain({ reason, retriable }: FailedAttempt): void {
    const nowMs = performance.now();
    if (nowMs < this.quietUntilMs) return;
    this.quietUntilMs = nowMs + 1_000;
    this.context.log('warn', 'publishing failed', { reason, retriable });
  }

  private again(one: Outstanding): void {
    if (this.connected) {
      this.attempt(one);
      return;
    }
    one.attemptedMs = performance.now();
    this.failed(one, { kind: 'not-sent', retriable: true, reason: 'no server can be reached' });
  }

  private giveUp(one: Outstanding): void {
    this.forget(one);
    this.settle([one.message], one.attempts?.outcome ?? 'failed');
    this.fill();
  }

  private forget(one: Outstanding): void {
    if (one.retry) clearTimeout(one.retry);
    for (const number of one.numbers) this.byNumber.delete(number);
    this.outstanding.delete(one);
  }

  private settle(messages: OutgoingMessage[], outcome: Outcome): void {
    if (messages.length > 0) this.context.settle(messages, outcome);
  }

  private sweep(): void {
    const overdueMs = performance.now() - acknowledgementTimeoutMs;
    for (const one of this.byNumber.values()) {
      // Oldest first; one whose latest attempt is younger has an older entry as well.
      if (one.attemptedMs === null) continue;
      if (one.attemptedMs > overdueMs && one.numbers.length === 1) break;
      if (one.attemptedMs <= overdueMs) {
        this.failed(one, doubt(`no acknowledgement within ${acknowledgementTimeoutMs / 1_000} s`));
      }
    }
    this.giveUpWaiting();
  }

  /** Gives up on what has waited for its place for too long: it was never published. */
  private giveUpWaiting(): void {
    const before = monotonicMicros() - deliveryTimeoutMs * 1_000;
    const from = this.first;
    while ((this.waiting[this.first]?.sentMicros ?? Number.POSITIVE_INFINITY) < before) this.first++;
    this.settle(this.waiting.slice(from, this.first), 'failed');
  }

  private async watchConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect') {
        this.connected = false;
        // What was written and not answered may have arrived.
        for (const one of [...this.outstanding]) {
          if (one.attemptedMs !== null) this.failed(one, doubt('the connection broke'));
        }
      } else if (type === 'reconnect') {
        this.connected = true;
        this.fill();
      }
    }
  }
}

function doubt(reason: string, retriable = true): FailedAttempt {
  return { kind: 'in-doubt', retriable, reason };
}
