import { setTimeout as delay } from 'node:timers/promises';
import { Producer } from '@platformatic/kafka';
import type { DueMessage } from '../../../measure/message-batch.ts';
import type { EncodingProducer } from '../../driver.ts';
import { type AttemptResult, acknowledged, type FailedAttempt } from '../../sender/attempts.ts';
import type { Batch } from '../../sender/batcher.ts';
import { BatchSender } from '../batch-sender.ts';
import { type KafkaProducerContext, protocolAcks } from '../kafka-client.ts';
import { connectionOptions } from '../platformatic/connection.ts';
import { resultOfErrorCode, staleLeaderErrors, unanswered } from '../protocol-errors.ts';
import { BufferPool } from './buffer-pool.ts';
import { RequestError } from './channel.ts';
import { Cluster } from './cluster.ts';
import { type Codec, codecOf } from './encoding/compression.ts';
import { partitionOfKey } from './encoding/murmur2.ts';
import { parseProduceResponse, produceApi, produceBody } from './encoding/protocol.ts';
import { anonymous, type BatchBuffer, type ProducerIdentity } from './encoding/record-batch.ts';

/** How long the broker may wait for the replicas, as with the other clients. */
const produceTimeoutMs = 30_000;

const identityRetryMs = 100;

/** Connects a producer that encodes messages by itself. */
export async function createFlatProducer(context: KafkaProducerContext): Promise<EncodingProducer> {
  const options = { ...connectionOptions(context, 'producer'), retries: 0 };
  const client = new Producer({ ...options, idempotent: context.settings.idempotence });
  const cluster = new Cluster(client, options, context.endpoint.topic, context.log);
  try {
    await cluster.open();
    const producer = new FlatProducer(context, cluster, () => client.initIdempotentProducer({}));
    await producer.open();
    return producer;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

type FlatBatch = Batch<BatchBuffer>;

/**
 * Sends batches in the form in which they were encoded. An idempotent producer whose sequence has a gap, because a batch
 * was given up on, takes a new identity; what was in doubt by then is settled as that, for under another identity it
 * could be taken twice.
 */
class FlatProducer implements EncodingProducer {
  private readonly context: KafkaProducerContext;
  private readonly cluster: Cluster;
  private readonly newIdentity: () => Promise<ProducerIdentity>;
  private readonly codec: Codec | null;
  private readonly acks: number;
  private readonly batches: BatchSender<DueMessage, BatchBuffer>;
  private readonly connectingTo = new Map<number, number>();
  private identity = anonymous;
  private readonly nextSequences: number[];
  private takingIdentity = false;
  private closed = false;

  /** @param cluster open */
  constructor(context: KafkaProducerContext, cluster: Cluster, newIdentity: () => Promise<ProducerIdentity>) {
    this.context = context;
    this.cluster = cluster;
    this.newIdentity = newIdentity;
    const { settings, messageSizeBytes, underWayBytes, payload } = context;
    const { batchSizeBytes } = settings;
    this.codec = codecOf(settings.compression);
    this.acks = protocolAcks(settings.acks);
    const { leaders } = cluster;
    this.nextSequences = new Array<number>(leaders.length).fill(0);
    const pool = new BufferPool({ batchSizeBytes, messageSizeBytes, underWayBytes, payload });
    this.batches = new BatchSender<DueMessage, BatchBuffer>({
      context,
      leaders,
      partitionOfKey: (key) => partitionOfKey(key, leaders.length),
      open: ({ origin }) => pool.take(origin.round),
      release: (buffer) => pool.giveBack(buffer),
      messagesIn: ({ messages }) => messages.count,
      request: (batches, leader) => this.request(batches, leader),
      settle: (batch, outcome, reason) => {
        // Its sequence was given to it with its first attempt, and is missing now.
        if (outcome !== 'acknowledged' && batch.attempts.begun > 0) this.loseIdentity();
        context.settleBatch(batch.content.messages, outcome, reason);
      },
      afterRequest: () => void this.takeNewIdentity(),
    });
  }

  async open(): Promise<void> {
    if (this.context.settings.idempotence) this.identity = await this.newIdentity();
    await Promise.all(this.batches.window.leaders.map((node) => this.cluster.connect(node)));
  }

  append(message: DueMessage): boolean {
    return this.batches.append(message) !== null;
  }

  flush(): void {
    this.batches.flush();
  }

  giveUpWaiting(): void {
    this.batches.sender.giveUpWaiting();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.batches.close();
    await this.cluster.close();
  }

  /** Makes one request. Returns what became of each batch. Never rejects. */
  private async request(
    batches: readonly FlatBatch[],
    node: number,
  ): Promise<(batch: FlatBatch) => AttemptResult> {
    const resultOf = await this.attempt(batches, node);
    for (const batch of batches) {
      const result = resultOf(batch);
      if (result.kind === 'acknowledged') continue;
      if (result.kind !== 'refused' || staleLeaderErrors.has(result.reason)) void this.findLeaders();
      // Behind one that is sent again it is only out of turn.
      if (this.isOutOfSequence(result) && !this.batches.batcher.comesAfterAnother(batch)) this.loseIdentity();
    }
    return (batch) => {
      const result = resultOf(batch);
      return result.kind !== 'acknowledged' && this.isOutOfSequence(result)
        ? { ...result, retriable: true }
        : result;
    };
  }

  private async attempt(
    batches: readonly FlatBatch[],
    node: number,
  ): Promise<(batch: FlatBatch) => AttemptResult> {
    const encoded = batches.map((batch) => ({ partition: batch.partition, batch: this.encode(batch) }));
    try {
      const channel = this.channelInTurn(node) ?? (await this.connect(node));
      const body = produceBody(this.acks, produceTimeoutMs, this.context.endpoint.topic, encoded);
      const request = { api: produceApi, body, answered: this.acks !== 0 };
      const errors = await channel.send(request, parseProduceResponse);
      if (errors === null) return () => acknowledged;
      return ({ partition }) => {
        const code = errors.get(partition);
        return code === undefined ? unanswered : resultOfErrorCode(code);
      };
    } catch (error) {
      const neverSent = error instanceof RequestError && error.neverSent;
      const detail = error instanceof Error ? error.message : String(error);
      const result: AttemptResult = neverSent
        ? { kind: 'not-sent', retriable: true, reason: 'the broker cannot be reached', detail }
        : { kind: 'in-doubt', retriable: true, reason: 'the connection broke', detail };
      return () => result;
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

  private encode({ partition, content }: FlatBatch): Buffer {
    if (content.encoded) return content.encoded;
    let baseSequence = -1;
    if (this.context.settings.idempotence) {
      baseSequence = this.nextSequences[partition] ?? 0;
      // After 2^31 − 1 they begin at 0 again.
      this.nextSequences[partition] = (baseSequence + content.messages.count) & 0x7fff_ffff;
    }
    content.encoded = content.encode(this.codec, this.identity, baseSequence);
    return content.encoded;
  }

  private isOutOfSequence({ reason }: FailedAttempt): boolean {
    return this.context.settings.idempotence && identityErrors.has(reason);
  }

  /** Sends nothing more with this identity. */
  private loseIdentity(): void {
    if (!this.context.settings.idempotence) return;
    this.batches.window.paused = true;
    // Perhaps nothing is under way after whose end it would be looked for.
    queueMicrotask(() => void this.takeNewIdentity());
  }

  /** If it is lost, and nothing is in flight: begins anew with sequences from 0. */
  private async takeNewIdentity(): Promise<void> {
    const { sender, batcher, window } = this.batches;
    if (!window.paused || window.requests > 0 || this.takingIdentity || this.closed) return;
    this.takingIdentity = true;
    while (!this.closed) {
      try {
        this.identity = await this.newIdentity();
        break;
      } catch (error) {
        if (this.closed) return;
        this.context.log('warn', 'the brokers give no producer id', { reason: String(error) });
        await delay(identityRetryMs);
      }
    }
    this.takingIdentity = false;
    if (this.closed) return;
    sender.giveUp(({ attempts }) => attempts.outcome === 'indeterminate');
    batcher.forEachWaiting(({ content }) => {
      content.encoded = null;
    });
    this.nextSequences.fill(0);
    window.paused = false;
    sender.drain();
  }

  private async findLeaders(): Promise<void> {
    await this.cluster.refresh();
    if (this.closed) return;
    this.batches.window.setLeaders(this.cluster.leaders.slice(0, this.nextSequences.length));
    this.batches.sender.drain();
  }
}

/** Errors that say the broker expects another sequence, or knows nothing of the producer. */
const identityErrors = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

function addTo(counts: Map<number, number>, node: number, change: number): void {
  counts.set(node, (counts.get(node) ?? 0) + change);
}
