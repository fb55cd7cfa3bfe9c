import { setTimeout as delay } from 'node:timers/promises';
import { Producer } from '@platformatic/kafka';
import type { DueMessage } from '../../../measure/message-batch.ts';
import type { EncodingProducer } from '../../driver.ts';
import { type AttemptResult, Attempts, type FailedAttempt } from '../../sender/attempts.ts';
import { type KafkaProducerContext, maxInFlightRequests, protocolAcks } from '../kafka-client.ts';
import { LingerTimer } from '../linger-timer.ts';
import { connectionOptions } from '../platformatic/connection.ts';
import { resultOfProtocolError } from '../protocol-errors.ts';
import { BatchQueues, type QueuedBatch } from './batch-queues.ts';
import { RequestError } from './channel.ts';
import { Cluster } from './cluster.ts';
import { type Codec, codecOf } from './encoding/compression.ts';
import { parseProduceResponse, produceApi, produceBody, protocolErrorOf } from './encoding/protocol.ts';
import { anonymous, type ProducerIdentity } from './encoding/record-batch.ts';

/** How long the broker may wait for the replicas, as with the other clients. */
const produceTimeoutMs = 30_000;

const identityRetryMs = 100;

/** Connects a producer that encodes messages by itself. */
export async function createFlatProducer(context: KafkaProducerContext): Promise<EncodingProducer> {
  const options = { ...connectionOptions(context, 'producer'), retries: 0 };
  const client = new Producer({ ...options, idempotent: context.settings.idempotence });
  const cluster = new Cluster(client, options, context.endpoint.topic, context.log);
  const producer = new FlatProducer(context, cluster, () => client.initIdempotentProducer({}));
  try {
    await producer.open();
  } catch (error) {
    await producer.close();
    throw error;
  }
  return producer;
}

/**
 * Sends batches with up to `maxInFlightRequests` requests to each broker under way. What failed is sent again in
 * order. An idempotent producer whose sequence has a gap, because a batch was given up on, takes a new identity; what
 * was in doubt by then is settled as that, for under another identity it could be taken twice.
 */
class FlatProducer implements EncodingProducer {
  private readonly context: KafkaProducerContext;
  private readonly cluster: Cluster;
  private readonly newIdentity: () => Promise<ProducerIdentity>;
  private readonly codec: Codec | null;
  private readonly acks: number;
  private queues: BatchQueues | null = null;
  private partitionsOfLeader = new Map<number, number[]>();
  private readonly requestsTo = new Map<number, number>();
  private readonly connectingTo = new Map<number, number>();
  private requests = 0;
  private identity = anonymous;
  private nextSequences: number[] = [];
  private identityLost = false;
  private drainScheduled = false;
  private readonly linger = new LingerTimer(
    () => this.queues?.lingerLeftMs(performance.now()) ?? null,
    () => this.flush(),
  );
  private readonly retryTimers = new Set<NodeJS.Timeout>();
  private closed = false;

  constructor(context: KafkaProducerContext, cluster: Cluster, newIdentity: () => Promise<ProducerIdentity>) {
    this.context = context;
    this.cluster = cluster;
    this.newIdentity = newIdentity;
    this.codec = codecOf(context.settings.compression);
    this.acks = protocolAcks(context.settings.acks);
  }

  async open(): Promise<void> {
    await this.cluster.open();
    const { settings, messageSizeBytes, underWayBytes, payload } = this.context;
    const partitions = this.cluster.leaders.length;
    this.nextSequences = new Array<number>(partitions).fill(0);
    this.groupByLeader();
    const { lingerMs, batchSizeBytes } = settings;
    this.queues = new BatchQueues({
      partitions,
      lingerMs,
      batchSizeBytes,
      messageSizeBytes,
      underWayBytes,
      payload,
    });
    if (settings.idempotence) this.identity = await this.newIdentity();
    await Promise.all([...this.partitionsOfLeader.keys()].map((node) => this.cluster.connect(node)));
  }

  append(message: DueMessage): boolean {
    const batch = this.queues?.append(message);
    if (!batch || batch.ready) this.scheduleDrain();
    else this.linger.start(this.context.settings.lingerMs);
    return Boolean(batch);
  }

  flush(): void {
    this.queues?.markReady();
    this.scheduleDrain();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.linger.stop();
    for (const timer of this.retryTimers) clearTimeout(timer);
    await this.cluster.close();
  }

  /** Once the messages that come due together have all been appended. */
  private scheduleDrain(): void {
    if (this.drainScheduled) return;
    this.drainScheduled = true;
    queueMicrotask(() => {
      this.drainScheduled = false;
      this.drain();
    });
  }

  private drain(): void {
    for (const [node, partitions] of this.partitionsOfLeader) {
      while (!this.closed && !this.identityLost && (this.requestsTo.get(node) ?? 0) < maxInFlightRequests) {
        const batches = this.queues?.take(partitions, performance.now()) ?? [];
        if (batches.length === 0) break;
        void this.transmit(node, batches);
      }
    }
  }

  /** Sends one request and deals with its outcome. Never rejects. */
  private async transmit(node: number, batches: QueuedBatch[]): Promise<void> {
    this.requests++;
    addTo(this.requestsTo, node, 1);
    const results = await this.attempt(node, batches);
    this.requests--;
    addTo(this.requestsTo, node, -1);
    if (this.closed) return;
    for (const batch of batches) {
      const result = results(batch);
      if (result.kind === 'acknowledged') this.settle(batch, 'acknowledged');
      else this.onFailure(batch, result);
    }
    if (this.identityLost && this.requests === 0) void this.takeNewIdentity();
    this.drain();
  }

  /** One attempt to send these batches. Returns what became of each. */
  private async attempt(
    node: number,
    batches: QueuedBatch[],
  ): Promise<(batch: QueuedBatch) => AttemptResult> {
    for (const batch of batches) {
      batch.attempts ??= new Attempts(performance.now());
      batch.encoded ??= this.encode(batch);
    }
    const { topic } = this.context.endpoint;
    const encoded = batches.map(({ partition, encoded }) => ({ partition, batch: encoded as Buffer }));
    try {
      const channel = this.channelInTurn(node) ?? (await this.connect(node));
      const body = produceBody(this.acks, produceTimeoutMs, topic, encoded);
      const request = { api: produceApi, body, answered: this.acks !== 0 };
      const errors = await channel.send(request, parseProduceResponse);
      if (errors === null) return () => ({ kind: 'acknowledged' });
      return ({ partition }) => resultOfCode(errors.get(partition));
    } catch (error) {
      const neverSent = error instanceof RequestError && error.neverSent;
      const kind = neverSent ? 'not-sent' : 'in-doubt';
      const reason = error instanceof Error ? error.message : String(error);
      return () => ({ kind, retriable: true, reason });
    }
  }

  /** The open channel, unless earlier requests still wait for it. */
  private channelInTurn(node: number) {
    return (this.connectingTo.get(node) ?? 0) > 0 ? null : this.cluster.channel(node);
  }

  private async connect(node: number) {
    addTo(this.connectingTo, node, 1);
    try {
      return await this.cluster.connect(node);
    } finally {
      addTo(this.connectingTo, node, -1);
    }
  }

  private encode(batch: QueuedBatch): Buffer {
    if (this.context.settings.idempotence) {
      const next = this.nextSequences[batch.partition] ?? 0;
      batch.baseSequence = next;
      // After 2^31 − 1 they begin at 0 again.
      this.nextSequences[batch.partition] = (next + batch.buffer.messages.count) & 0x7fff_ffff;
    }
    return batch.buffer.encode(this.codec, this.identity, batch.baseSequence);
  }

  private onFailure(batch: QueuedBatch, failure: FailedAttempt): void {
    const { settings, log } = this.context;
    const { reason } = failure;
    let { retriable } = failure;
    if (settings.idempotence && identityErrors.has(reason)) {
      retriable = true;
      // Behind one that is sent again it is only out of turn.
      if (!this.queues?.comesAfterAnother(batch)) this.identityLost = true;
    }
    const { partition } = batch;
    log('warn', 'a produce request failed', { reason, retriable, partition });
    if (failure.kind !== 'refused' || staleLeaderErrors.has(reason)) void this.findLeaders();
    const now = performance.now();
    const waitMs = batch.attempts?.afterFailure({ ...failure, retriable }, now) ?? null;
    if (waitMs === null) {
      if (settings.idempotence) this.identityLost = true;
      this.settle(batch, batch.attempts?.outcome ?? 'failed');
      return;
    }
    if (failure.kind === 'refused') this.context.throttled(batch.buffer.messages.count);
    this.queues?.putBack(batch, now + waitMs);
    const timer = setTimeout(() => {
      this.retryTimers.delete(timer);
      this.drain();
    }, waitMs + 1);
    this.retryTimers.add(timer);
  }

  private settle(batch: QueuedBatch, outcome: 'acknowledged' | 'failed' | 'indeterminate'): void {
    this.context.settleBatch(batch.buffer.messages, outcome);
    this.queues?.release(batch);
  }

  /** Once nothing is in flight: begins anew with sequences from 0. */
  private async takeNewIdentity(): Promise<void> {
    const { queues } = this;
    if (!queues) return;
    // An identity that is being taken must not be taken twice.
    this.requests++;
    for (;;) {
      try {
        this.identity = await this.newIdentity();
        break;
      } catch (error) {
        if (this.closed) return;
        this.context.log('warn', 'the brokers give no producer id', { reason: String(error) });
        await delay(identityRetryMs);
      }
    }
    this.requests--;
    if (this.closed) return;
    for (const batch of queues.takeOut(({ attempts }) => attempts?.outcome === 'indeterminate'))
      this.settle(batch, 'indeterminate');
    queues.forEachWaiting((batch) => {
      batch.encoded = null;
    });
    this.nextSequences.fill(0);
    this.identityLost = false;
    this.drain();
  }

  private async findLeaders(): Promise<void> {
    await this.cluster.refresh();
    if (this.closed) return;
    this.groupByLeader();
    this.drain();
  }

  private groupByLeader(): void {
    this.partitionsOfLeader = new Map();
    this.cluster.leaders.slice(0, this.nextSequences.length).forEach((leader, partition) => {
      const partitions = this.partitionsOfLeader.get(leader);
      if (partitions) partitions.push(partition);
      else this.partitionsOfLeader.set(leader, [partition]);
    });
  }
}

/** Errors that say the broker expects another sequence, or knows nothing of the producer. */
const identityErrors = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

/** Errors after which another broker may lead the partition. */
const staleLeaderErrors = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
]);

function resultOfCode(code: number | undefined): AttemptResult {
  if (code === 0) return { kind: 'acknowledged' };
  if (code === undefined)
    return { kind: 'in-doubt', retriable: false, reason: 'the broker did not answer for the partition' };
  const { name, retriable } = protocolErrorOf(code);
  return resultOfProtocolError(name, retriable, 1);
}

function addTo(counts: Map<number, number>, node: number, change: number): void {
  counts.set(node, (counts.get(node) ?? 0) + change);
}
