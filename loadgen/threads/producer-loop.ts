import type { DriverProducer } from '../drivers/driver.ts';
import { monotonicMicros } from '../measure/clock.ts';
import type { HeaderOrigin } from '../measure/header.ts';
import type { KeyChooser } from '../measure/keys.ts';
import { record } from '../measure/latency-counts.ts';
import { type Outcome, openLedger } from '../measure/ledger.ts';
import type { DueMessage, MessageBatch } from '../measure/message-batch.ts';
import type { MessagePool, OutgoingMessage } from '../measure/message-pool.ts';
import { nextWait, paceOf } from '../measure/pacer.ts';
import { Recorder } from '../measure/recorder.ts';
import { SelfWatch } from '../usage/self-watch.ts';
import { Alarm } from './alarm.ts';
import {
  add,
  addOutcomes,
  type CurrentRound,
  type PreparedRound,
  type ProducerResult,
  settleOne,
} from './producer-round.ts';
import { type ProduceInterval, produceLatencies, produceSums, type RoundOrder } from './protocol.ts';
import { Refusals } from './refusals.ts';

/**
 * What is still waiting when the schedule ends, because too much is under way, may be handed over for this long;
 * what then remains is `unsent`.
 */
export const handOverGraceMs = 1_000;

/** In a burst the clock is read again after as many messages as take about so long, so that send times stay true. */
const clockReadingMicros = { least: 25, most: 100 };
const mostPerClockReading = 64;

/** Then what was handed over may be sent, before more is: a burst would else be encoded as a whole first. */
const mostBytesPerTurn = 1024 * 1024;

const longestWaitMs = 100;

export interface ProducerLoopOptions {
  pool: MessagePool;
  messageSizeBytes: number;
  /** A chooser that begins anew: every round sends the same keys. */
  newKeyChooser(): KeyChooser;
  session: number;
  /** Number of this producer, of `producers`. */
  producer: number;
  producers: number;
  onInterval(round: number, interval: ProduceInterval): void;
}

/** Drives one producer through a schedule, open loop: however slow the product, the intended send times stand. */
export class ProducerLoop {
  private readonly options: ProducerLoopOptions;
  private perClockReading = 1;
  private readonly perTurn: number;
  private readonly alarm: Alarm;
  /** Made once, for it is handed out thousands of times a second. */
  private readonly tickAgain = () => {
    if (this.current) this.tick(this.current);
  };
  private chooseKey: KeyChooser = () => null;
  private driver: DriverProducer | null = null;
  private prepared: PreparedRound | null = null;
  private current: CurrentRound | null = null;
  private readonly due: DueMessage;

  constructor(options: ProducerLoopOptions) {
    this.options = options;
    this.alarm = new Alarm(options.producers);
    this.perTurn = Math.max(1, Math.floor(mostBytesPerTurn / options.messageSizeBytes));
    const origin = { session: options.session, round: -1, producer: options.producer };
    this.due = { origin, sequence: 0, intendedMicros: 0, sentMicros: 0, key: null };
  }

  connect(driver: DriverProducer): void {
    this.driver = driver;
  }

  /** Prepares a schedule, for `start`. Resolves once all sent is settled, or given up on. */
  run(order: RoundOrder): Promise<ProducerResult> {
    const { producer, producers } = this.options;
    const ledger = order.ledgers[producer];
    if (!ledger) throw new Error(`no ledger for producer ${producer}`);
    const pace = paceOf({ ...order, producers, producer });
    this.chooseKey = this.options.newKeyChooser();
    return new Promise((finish) => {
      this.prepared = { order, pace, ledger: openLedger(ledger), finish };
    });
  }

  /** Begins the schedule that was prepared, at this time. */
  start(round: number, startMicros: number): void {
    const { prepared } = this;
    if (prepared?.order.round !== round) return;
    this.prepared = null;
    const { order } = prepared;
    const endMicros = startMicros + order.durationSeconds * 1e6;
    this.current = {
      ...prepared,
      startMicros,
      endMicros,
      watch: new SelfWatch({ startMicros, endMicros }),
      counters: new Float64Array(order.counters),
      recorder: new Recorder(produceSums, produceLatencies, startMicros, (interval) =>
        this.options.onInterval(round, interval),
      ),
      refusals: new Refusals(),
      handed: 0,
      underWay: 0,
      waitsForRoom: false,
      roomMicros: 0,
      stopped: null,
    };
    this.tick(this.current);
  }

  /** Stops sending at once; what is under way gets a little time. */
  stop(round: number, settleTimeoutMs: number): void {
    if (this.prepared?.order.round === round) {
      this.prepared.finish({ scheduled: 0, handed: 0, refusals: [], usage: null });
      this.prepared = null;
      return;
    }
    const current = this.current;
    if (current?.order.round !== round || current.stopped) return;
    const now = monotonicMicros();
    current.stopped = { atMicros: now, giveUpMicros: now + settleTimeoutMs * 1_000 };
    this.driver?.flush();
  }

  /** For the driver: what became of messages. */
  settle(messages: readonly OutgoingMessage[], outcome: Outcome, reason?: string): void {
    const now = monotonicMicros();
    const current = this.current;
    current?.recorder.advanceTo(now);
    let count = 0;
    for (const message of messages) {
      const { round, sequence, sentMicros, intendedMicros } = message;
      // A message of an earlier round was given up on then.
      if (current && round === current.order.round) {
        count += settleOne(current, sequence, outcome, now - sentMicros, now - intendedMicros);
      }
      this.options.pool.giveBack(message);
    }
    if (current) addOutcomes(current, { outcome, reason, count }, now);
  }

  /** For the driver: what became of a batch that it encoded. */
  settleBatch(batch: MessageBatch, outcome: Outcome, reason?: string): void {
    const now = monotonicMicros();
    const current = this.current;
    current?.recorder.advanceTo(now);
    if (!current || batch.round !== current.order.round) return;
    const { sequences, sentMicros, intendedMicros } = batch;
    let count = 0;
    for (let index = 0; index < batch.count; index++) {
      const publishMicros = now - (sentMicros[index] as number);
      const scheduledMicros = now - (intendedMicros[index] as number);
      count += settleOne(current, sequences[index] as number, outcome, publishMicros, scheduledMicros);
    }
    addOutcomes(current, { outcome, reason, count }, now);
  }

  /** For the driver: messages that were refused and are sent again. */
  throttled(messages: number): void {
    const current = this.current;
    if (!current) return;
    current.recorder.sums.throttled += messages;
    add(current.counters, 'throttled', messages);
  }

  /** For the driver: messages that are sent again, and may have been taken before. */
  doubted(messages: number): void {
    if (this.current) add(this.current.counters, 'doubted', messages);
  }

  private tick(current: CurrentRound): void {
    const now = monotonicMicros();
    const elapsed = now - current.startMicros;
    const goesOn = !current.stopped && this.handOver(current, elapsed, now);
    current.recorder.advanceTo(now);
    if (!current.stopped) this.considerEnd(current, elapsed, now);
    const { stopped } = current;
    if (stopped && (current.underWay === 0 || now >= stopped.giveUpMicros)) {
      this.end(current, stopped.atMicros);
      return;
    }
    if (goesOn) {
      setImmediate(this.tickAgain);
      return;
    }
    const { waitMicros, done } = nextWait(current.pace, elapsed, current.handed);
    // Whoever waits for answers needs no more than to look now and then.
    if (stopped || current.waitsForRoom) {
      setTimeout(this.tickAgain, 1);
      return;
    }
    // Never longer than `longestWaitMs`, for the seconds to be handed out in time.
    const waitMs = (done ? current.endMicros - now : waitMicros) / 1_000;
    this.alarm.after(Math.min(longestWaitMs, waitMs), this.tickAgain);
  }

  /** Hands over what is due. Returns whether more is, and the driver would take it. */
  private handOver(current: CurrentRound, elapsed: number, startedAt: number): boolean {
    if (elapsed < 0 || !this.driver) return false;
    const { session, producer } = this.options;
    const { order, pace, counters, recorder } = current;
    const origin = { session, round: order.round, producer };
    const first = current.handed;
    const allDue = pace.dueBy(elapsed);
    const due = Math.min(allDue, first + this.perTurn);
    let now = startedAt;
    let readAfter = first + this.perClockReading;
    recorder.advanceTo(now);
    while (current.handed < due) {
      if (current.handed === readAfter) {
        now = this.readClock(now);
        readAfter += this.perClockReading;
      }
      const intended = current.startMicros + pace.intendedMicros(current.handed);
      const sequence = current.handed;
      // What the driver settles at once must find the message counted.
      current.handed++;
      current.underWay++;
      if (!this.hand(this.driver, origin, sequence, intended, now)) {
        current.handed--;
        current.underWay--;
        current.waitsForRoom = true;
        break;
      }
      // Looked up each time: a driver that settles at once may have had the second handed out.
      record(recorder.latencies.lateness, now - intended);
      record(recorder.latencies.ownLateness, now - Math.max(intended, current.roomMicros));
    }
    add(counters, 'handed', current.handed - first);
    return current.handed === due && due < allDue;
  }

  /** Reads the clock within a burst, and sees after how many messages to do so again. */
  private readClock(lastMicros: number): number {
    const now = monotonicMicros();
    if (now - lastMicros > clockReadingMicros.most) {
      this.perClockReading = Math.ceil(this.perClockReading / 2);
    } else if (now - lastMicros < clockReadingMicros.least) {
      this.perClockReading = Math.min(mostPerClockReading, this.perClockReading * 2);
    }
    return now;
  }

  /** Hands a message to the driver. Returns false when too much is under way. */
  private hand(
    driver: DriverProducer,
    origin: HeaderOrigin,
    sequence: number,
    intendedMicros: number,
    now: number,
  ): boolean {
    const { chooseKey } = this;
    if ('append' in driver) {
      const { due } = this;
      due.origin = origin;
      due.sequence = sequence;
      due.intendedMicros = intendedMicros;
      due.sentMicros = now;
      // A message that was not taken keeps its key for the next attempt, or small batches would draw more keys.
      due.key ??= chooseKey();
      if (!driver.append(due)) return false;
      due.key = null;
      return true;
    }
    const message = this.options.pool.take(origin, sequence, intendedMicros);
    if (!message) return false;
    message.key = chooseKey();
    message.sentMicros = now;
    driver.send(message);
    return true;
  }

  private considerEnd(current: CurrentRound, elapsed: number, now: number): void {
    const { order, pace } = current;
    const endMicros = order.durationSeconds * 1e6;
    // The measured time lasts to its end, also when the last message was due long before it.
    if (elapsed < endMicros) return;
    if (current.handed < pace.total && elapsed < endMicros + handOverGraceMs * 1_000) return;
    current.stopped = { atMicros: current.endMicros, giveUpMicros: now + order.settleTimeoutMs * 1_000 };
    this.driver?.flush();
  }

  private end(current: CurrentRound, stoppedAtMicros: number): void {
    // What waits for another try is settled as its driver knows it; only what is under way is in doubt.
    this.driver?.giveUpWaiting();
    const { order, pace, handed } = current;
    const measuredMicros = Math.min(stoppedAtMicros - current.startMicros, order.durationSeconds * 1e6);
    // What was handed over had been due, also in the last instant before a stop.
    const scheduled = measuredMicros < 0 ? 0 : Math.max(handed, pace.dueBy(measuredMicros));
    current.recorder.flush();
    this.current = null;
    current.finish({ scheduled, handed, refusals: current.refusals.list(), usage: current.watch.stop() });
  }
}
