import type { Refusal } from '../../src/contracts/documents/load-parts.ts';
import type { DriverProducer } from '../drivers/driver.ts';
import { monotonicMicros } from '../measure/clock.ts';
import { counterIndex } from '../measure/counters.ts';
import type { HeaderOrigin } from '../measure/header.ts';
import type { KeyChooser } from '../measure/keys.ts';
import { record } from '../measure/latency-counts.ts';
import { type Outcome, openLedger, type ProducerLedger, settle } from '../measure/ledger.ts';
import type { DueMessage, MessageBatch } from '../measure/message-batch.ts';
import type { MessagePool, OutgoingMessage } from '../measure/message-pool.ts';
import { nextWait, type Pace, paceOf } from '../measure/pacer.ts';
import { Recorder } from '../measure/recorder.ts';
import { type ProduceInterval, produceLatencies, produceSums, type RoundOrder } from './protocol.ts';
import { Refusals } from './refusals.ts';
import { SelfWatch, type Usage } from './self-watch.ts';

/**
 * What is still waiting when the schedule ends, because too much is under way, may be handed over for this long;
 * what then remains is `unsent`.
 */
export const handOverGraceMs = 1_000;

/** In a long burst the clock is read again after this many messages, so that send times stay true. */
const messagesPerClockReading = 64;

const longestWaitMs = 100;

export interface ProducerResult {
  scheduled: number;
  handed: number;
  refusals: Refusal[];
  usage: Usage;
}

export interface ProducerLoopOptions {
  pool: MessagePool;
  chooseKey: KeyChooser;
  session: number;
  /** Number of this producer, of `producers`. */
  producer: number;
  producers: number;
  onInterval(round: number, interval: ProduceInterval): void;
}

/** Everything of the round that is under way. */
interface CurrentRound {
  order: RoundOrder;
  pace: Pace;
  ledger: ProducerLedger;
  counters: Float64Array;
  recorder: Recorder<(typeof produceSums)[number], (typeof produceLatencies)[number]>;
  endMicros: number;
  refusals: Refusals;
  handed: number;
  /** Of those handed, not settled. */
  underWay: number;
  /** Whether what is due waits for the product to settle what is under way. */
  waitsForRoom: boolean;
  /** When there was room again. */
  roomMicros: number;
  /** When sending stopped, and how long what is under way may still take. */
  stopped: { atMicros: number; giveUpMicros: number } | null;
  finish(result: ProducerResult): void;
}

/** Drives one producer through a schedule, open loop: however slow the product, the intended send times stand. */
export class ProducerLoop {
  private readonly options: ProducerLoopOptions;
  private readonly watch = new SelfWatch();
  private driver: DriverProducer | null = null;
  private current: CurrentRound | null = null;
  private readonly due: DueMessage;

  constructor(options: ProducerLoopOptions) {
    this.options = options;
    const origin = { session: options.session, round: -1, producer: options.producer };
    this.due = { origin, sequence: 0, intendedMicros: 0, sentMicros: 0, key: null };
  }

  connect(driver: DriverProducer): void {
    this.driver = driver;
  }

  /** Runs a schedule. Resolves once all sent is settled, or given up on. */
  run(order: RoundOrder): Promise<ProducerResult> {
    const { producer, producers, onInterval } = this.options;
    const ledger = order.ledgers[producer];
    if (!ledger) throw new Error(`no ledger for producer ${producer}`);
    this.watch.start();
    return new Promise((finish) => {
      this.current = {
        order,
        pace: paceOf({ ...order, producers, producer }),
        ledger: openLedger(ledger),
        counters: new Float64Array(order.counters),
        recorder: new Recorder(produceSums, produceLatencies, order.startMicros, (interval) =>
          onInterval(order.round, interval),
        ),
        endMicros: order.startMicros + order.durationSeconds * 1e6,
        refusals: new Refusals(),
        handed: 0,
        underWay: 0,
        waitsForRoom: false,
        roomMicros: 0,
        stopped: null,
        finish,
      };
      this.tick(this.current);
    });
  }

  /** Stops sending at once; what is under way gets a little time. */
  stop(round: number, settleTimeoutMs: number): void {
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

  private tick(current: CurrentRound): void {
    const now = monotonicMicros();
    const elapsed = now - current.order.startMicros;
    if (!current.stopped) this.handOver(current, elapsed, now);
    current.recorder.advanceTo(now);
    if (!current.stopped) this.considerEnd(current, elapsed, now);
    const { stopped } = current;
    if (stopped && (current.underWay === 0 || now >= stopped.giveUpMicros)) {
      this.end(current, stopped.atMicros);
      return;
    }
    const { waitMicros, done } = nextWait(current.pace, elapsed, current.handed);
    const waitMs = (stopped ? 0 : done ? current.endMicros - now : waitMicros) / 1_000;
    // Timers count whole milliseconds: what comes due within one is sent together. Never longer than `longestWaitMs`,
    // for the seconds to be handed out in time.
    setTimeout(() => this.tick(current), Math.min(longestWaitMs, Math.max(1, Math.floor(waitMs))));
  }

  private handOver(current: CurrentRound, elapsed: number, startedAt: number): void {
    if (elapsed < 0 || !this.driver) return;
    const { session, producer } = this.options;
    const { order, pace, counters, recorder } = current;
    const origin = { session, round: order.round, producer };
    const due = pace.dueBy(elapsed);
    const first = current.handed;
    let now = startedAt;
    recorder.advanceTo(now);
    while (current.handed < due) {
      if ((current.handed - first) % messagesPerClockReading === messagesPerClockReading - 1)
        now = monotonicMicros();
      const intended = order.startMicros + pace.intendedMicros(current.handed);
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
  }

  /** Hands a message to the driver. Returns false when too much is under way. */
  private hand(
    driver: DriverProducer,
    origin: HeaderOrigin,
    sequence: number,
    intendedMicros: number,
    now: number,
  ): boolean {
    const { pool, chooseKey } = this.options;
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
    const message = pool.take(origin, sequence, intendedMicros);
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
    const { order, pace, handed } = current;
    const measuredMicros = Math.min(stoppedAtMicros - order.startMicros, order.durationSeconds * 1e6);
    // What was handed over had been due, also in the last instant before a stop.
    const scheduled = measuredMicros < 0 ? 0 : Math.max(handed, pace.dueBy(measuredMicros));
    current.recorder.flush();
    this.current = null;
    const refusals = current.refusals.list();
    current.finish({ scheduled, handed, refusals, usage: this.watch.stop() });
  }
}

/** Notes what became of a message, and its latencies. Returns 1, or 0 when that was noted before. */
function settleOne(
  { ledger, recorder }: CurrentRound,
  sequence: number,
  outcome: Outcome,
  publishMicros: number,
  scheduledMicros: number,
): number {
  if (!settle(ledger, sequence, outcome)) return 0;
  if (outcome === 'acknowledged') {
    record(recorder.latencies.publish, publishMicros);
    record(recorder.latencies.publishScheduled, scheduledMicros);
  }
  return 1;
}

/** Counts messages that were settled together. */
function addOutcomes(
  current: CurrentRound,
  { outcome, reason, count }: { outcome: Outcome; reason: string | undefined; count: number },
  now: number,
): void {
  const { sums } = current.recorder;
  current.underWay -= count;
  sums[outcome] += count;
  add(current.counters, outcome, count);
  if (outcome !== 'acknowledged') current.refusals.add(outcome, count, reason);
  else if (now <= current.endMicros) sums.acknowledgedInTime += count;
  if (current.waitsForRoom) {
    current.waitsForRoom = false;
    current.roomMicros = now;
  }
}

function add(counters: Float64Array, name: keyof typeof counterIndex, count: number): void {
  const index = counterIndex[name];
  counters[index] = (counters[index] ?? 0) + count;
}
