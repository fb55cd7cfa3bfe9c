import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { monotonicMicros } from '../../../../loadgen/measure/clock.ts';
import {
  type Answer,
  channels,
  type Delivery,
  delayMs,
  fateCycle,
  type KnownEndpoint,
  type SentMessage,
} from './product.ts';

/** The known product's own thread. */
const endpoint = workerData as KnownEndpoint;
const sent = new BroadcastChannel(channels.sent(endpoint.channel));
const deliveries = new BroadcastChannel(channels.deliveries(endpoint.channel));
const answers = new Map<number, BroadcastChannel>();

/** What is to happen, in no order; looked through every millisecond, so that nothing happens before its time. */
let pending: { dueMicros: number; run: () => void }[] = [];
setInterval(() => {
  const now = monotonicMicros();
  const due = pending.filter(({ dueMicros }) => dueMicros <= now);
  if (due.length === 0) return;
  pending = pending.filter(({ dueMicros }) => dueMicros > now);
  for (const { run } of due.sort((a, b) => a.dueMicros - b.dueMicros)) run();
}, 1);

let firstMicros: number | null = null;
let warmupMessages = 0;

function after(ms: number, run: () => void): void {
  pending.push({ dueMicros: monotonicMicros() + ms * 1_000, run });
}

function answer(
  { producer, round, sequence }: SentMessage,
  given: Pick<Answer, 'outcome' | 'afterDoubt'>,
): void {
  const channel = answers.get(producer) ?? new BroadcastChannel(channels.answers(endpoint.channel, producer));
  answers.set(producer, channel);
  channel.postMessage({ round, sequence, ...given } satisfies Answer);
}

function deliver({ sequence, value }: SentMessage): void {
  deliveries.postMessage({ partition: sequence % endpoint.partitions, value } satisfies Delivery);
}

function takeWarmup(message: SentMessage): void {
  const { warmupMs = 0, warmupGapMs = 0 } = endpoint;
  const warmupHeldMs = message.sequence % 2 === 1 ? (endpoint.warmupHeldMs ?? 0) : 0;
  const confirm = () => answer(message, { outcome: 'acknowledged', afterDoubt: false });
  if (warmupHeldMs > 0) after(warmupHeldMs, confirm);
  else confirm();
  after(warmupMs + warmupHeldMs + warmupMessages++ * warmupGapMs, () => deliver(message));
}

function take(message: SentMessage): void {
  const { publish, deliver: delivering, fates = {}, laterMs = 0 } = endpoint;
  firstMicros ??= monotonicMicros();
  const sinceFirstMs = (monotonicMicros() - firstMicros) / 1_000;
  const publishMs = delayMs(publish, message.sequence, sinceFirstMs);
  const deliverMs = delayMs(delivering, message.sequence, sinceFirstMs);
  const fate = fates[message.sequence % fateCycle];
  const outcome = fate === 'refuse' ? 'failed' : fate === 'doubt' ? 'indeterminate' : 'acknowledged';
  after(publishMs, () => answer(message, { outcome, afterDoubt: fate === 'retry' }));
  if (fate === 'refuse' || fate === 'lose') return;
  after(fate === 'doubt' ? deliverMs + laterMs : deliverMs, () => deliver(message));
  if (fate === 'duplicate' || fate === 'retry') after(deliverMs + laterMs, () => deliver(message));
}

sent.onmessage = (event) => {
  const message = (event as unknown as { data: SentMessage }).data;
  if (message.round === 0) takeWarmup(message);
  else take(message);
};

parentPort?.postMessage('ready');
