import type { DriverProducer } from '../drivers/driver.ts';
import { monotonicMicros } from '../measure/clock.ts';
import { counterIndex } from '../measure/counters.ts';
import type { KeyChooser } from '../measure/keys.ts';
import { record } from '../measure/latency-counts.ts';
import { type Outcome, openLedger, type ProducerLedger, settle } from '../measure/ledger.ts';
import type { MessagePool, OutgoingMessage } from '../measure/message-pool.ts';
import { nextWait, type Pace, paceOf } from '../measure/pacer.ts';
import { Recorder } from '../measure/recorder.ts';
import { type ProduceInterval, produceLatencies, produceSums, type RunOrder } from './protocol.ts';
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
  usage: Usage;
}

export interface ProducerLoopOptions {
  pool: MessagePool;
  chooseKey: KeyChooser;
  session: number;
  /** Number of this producer, of `producers`. */
  producer: number;
  producers: number;
  onInterval(run: number, interval: ProduceInterval): void;
}

/** Everything of the run that is under way. */
interface CurrentRun {
  order: RunOrder;
  pace: Pace;
  ledger: ProducerLedger;
  counters: Float64Array;
  recorder: Recorder<(typeof produceSums)[number], (typeof produceLatencies)[number]>;
  endMicros: number;
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
  private current: CurrentRun | null = null;

  constructor(options: ProducerLoopOptions) {
    this.options = options;
  }

  connect(driver: DriverProducer): void {
    this.driver = driver;
  }

  /** Runs a schedule. Resolves once all sent is settled, or given up on. */
  run(order: RunOrder): Promise<ProducerResult> {
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
          onInterval(order.run, interval),
        ),
        endMicros: order.startMicros + order.durationSeconds * 1e6,
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
  stop(run: number, settleTimeoutMs: number): void {
    const current = this.current;
    if (current?.order.run !== run || current.stopped) return;
    const now = monotonicMicros();
    current.stopped = { atMicros: now, giveUpMicros: now + settleTimeoutMs * 1_000 };
    this.driver?.flush();
  }

  /** For the driver: what became of messages. */
  settle(messages: readonly OutgoingMessage[], outcome: Outcome): void {
    const now = monotonicMicros();
    const current = this.current;
    current?.recorder.advanceTo(now);
    for (const message of messages) {
      // A message of an earlier run that was given up on then.
      if (current && message.run === current.order.run) this.note(current, message, outcome, now);
      this.options.pool.giveBack(message);
    }
    if (current?.waitsForRoom) {
      current.waitsForRoom = false;
      current.roomMicros = now;
    }
  }

  /** For the driver: messages that were refused and are sent again. */
  throttled(messages: number): void {
    const current = this.current;
    if (!current) return;
    current.recorder.sums.throttled += messages;
    add(current.counters, 'throttled', messages);
  }

  private note(current: CurrentRun, message: OutgoingMessage, outcome: Outcome, now: number): void {
    if (!settle(current.ledger, message.sequence, outcome)) return;
    const { sums, latencies } = current.recorder;
    current.underWay--;
    sums[outcome]++;
    add(current.counters, outcome, 1);
    if (outcome !== 'acknowledged') return;
    if (now <= current.endMicros) sums.acknowledgedInTime++;
    record(latencies.publish, now - message.sentMicros);
    record(latencies.publishScheduled, now - message.intendedMicros);
  }

  private tick(current: CurrentRun): void {
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

  private handOver(current: CurrentRun, elapsed: number, startedAt: number): void {
    if (elapsed < 0 || !this.driver) return;
    const { pool, chooseKey, session, producer } = this.options;
    const { order, pace, counters } = current;
    const origin = { session, run: order.run, producer };
    const due = pace.dueBy(elapsed);
    const first = current.handed;
    let now = startedAt;
    current.recorder.advanceTo(now);
    while (current.handed < due) {
      if ((current.handed - first) % messagesPerClockReading === messagesPerClockReading - 1)
        now = monotonicMicros();
      const intended = order.startMicros + pace.intendedMicros(current.handed);
      const message = pool.take(origin, current.handed, intended);
      if (!message) {
        current.waitsForRoom = true;
        break;
      }
      message.key = chooseKey();
      message.sentMicros = now;
      record(current.recorder.latencies.lateness, now - intended);
      record(current.recorder.latencies.ownLateness, now - Math.max(intended, current.roomMicros));
      current.handed++;
      current.underWay++;
      this.driver.send(message);
    }
    add(counters, 'handed', current.handed - first);
  }

  private considerEnd(current: CurrentRun, elapsed: number, now: number): void {
    const { order, pace } = current;
    const endMicros = order.durationSeconds * 1e6;
    // The measured time lasts to its end, also when the last message was due long before it.
    if (elapsed < endMicros) return;
    if (current.handed < pace.total && elapsed < endMicros + handOverGraceMs * 1_000) return;
    current.stopped = { atMicros: current.endMicros, giveUpMicros: now + order.settleTimeoutMs * 1_000 };
    this.driver?.flush();
  }

  private end(current: CurrentRun, stoppedAtMicros: number): void {
    const { order, pace } = current;
    const measuredMicros = Math.min(stoppedAtMicros - order.startMicros, order.durationSeconds * 1e6);
    // What was handed over had been due, also in the last instant before a stop.
    const scheduled = measuredMicros < 0 ? 0 : Math.max(current.handed, pace.dueBy(measuredMicros));
    current.recorder.flush();
    this.current = null;
    current.finish({ scheduled, handed: current.handed, usage: this.watch.stop() });
  }
}

function add(counters: Float64Array, name: keyof typeof counterIndex, count: number): void {
  const index = counterIndex[name];
  counters[index] = (counters[index] ?? 0) + count;
}
