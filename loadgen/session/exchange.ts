import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { decodeLedger, encodeLedger, type LedgerPart } from '../../src/contracts/storage/ledger-format.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { OpenSessionInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import { assignParticipants } from '../../src/contracts/temporal/participants.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import type { Log } from '../drivers/driver.ts';
import { SessionError } from '../session-error.ts';
import { uploadPatiently } from '../upload.ts';
import { wait } from '../waiting.ts';
import { mostLeftoverMs } from './start.ts';

export type ExchangeStore = Pick<ObjectStore, 'put' | 'get' | 'delete'>;

/** How often to look for what the others have not posted yet. */
const pollEveryMs = 150;

/** Longer than Temporal takes to notice that a generator is gone, and than one may wait for what is left of a round. */
const missingAfterMs = 60_000 + mostLeftoverMs;

/** How long a post may take to be seen by everybody. */
const postMs = 2_000;

/** That a generator is ready, and from when on it can begin; true for whenever was asked. */
const begunSchema = z.union([z.literal(true), z.object({ startAtEpochMs: z.number() })]);

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * What the load generators of one session leave for each other in the results bucket. Ledgers are left under their own
 * keys and kept; everything else is small, and of use only while the session lasts.
 *
 * Nobody leads: each posts what it knows, looks for what the others know, and comes to the same conclusions by itself.
 */
export class Exchange {
  /** The other generators that have a part in a round; those with producers, and with consumers. */
  readonly others: number[];
  readonly producing: number[];
  readonly consuming: number[];
  private readonly store: ExchangeStore;
  private readonly input: OpenSessionInput;
  private readonly log: Log;

  constructor(store: ExchangeStore, input: OpenSessionInput, log: Log) {
    this.store = store;
    this.input = input;
    this.log = log;
    const others = assignParticipants(input.workload).filter(
      ({ generator }) => generator !== input.generator,
    );
    this.others = others
      .filter(({ producers, consumers }) => producers.length + consumers.length > 0)
      .map(({ generator }) => generator);
    this.producing = others.filter(({ producers }) => producers.length > 0).map(({ generator }) => generator);
    this.consuming = others.filter(({ consumers }) => consumers.length > 0).map(({ generator }) => generator);
  }

  /** Leaves something for the others, in place of what was posted before on this topic. */
  async post(topic: string, value: unknown): Promise<void> {
    const key = this.postKey(topic, this.input.generator);
    await uploadPatiently(() => this.store.put(key, JSON.stringify(value), 'application/json'), this.log);
  }

  /**
   * What each of these generators last posted on a topic; null where that is nothing yet.
   * @throws Error when one of them posted something of another shape
   */
  async postsOf<Post>(
    topic: string,
    schema: z.ZodType<Post>,
    generators: readonly number[],
  ): Promise<(Post | null)[]> {
    return Promise.all(
      generators.map(async (generator) => {
        const body = await this.store.get(this.postKey(topic, generator));
        return body && schema.parse(JSON.parse(new TextDecoder().decode(body)));
      }),
    );
  }

  /**
   * Waits until every other generator is ready for this round too, having posted that this one is. One that is ready too
   * late for the start that was asked for names a later one; the latest holds for all.
   * @param startAtEpochMs null where each begins when it likes
   * @param signal ends the waiting, without an error
   * @returns when the round begins; null where each begins when it likes, or the waiting was ended
   * @throws SessionError when one of them is not heard of
   */
  async begun(round: number, startAtEpochMs: number | null, signal: AbortSignal): Promise<number | null> {
    const topic = `run-${round}-begun`;
    const earliestEpochMs = Date.now() + postMs;
    const isLate = startAtEpochMs !== null && earliestEpochMs > startAtEpochMs;
    await this.post(topic, isLate ? { startAtEpochMs: earliestEpochMs } : true);
    const starts = [isLate ? earliestEpochMs : (startAtEpochMs ?? 0)];
    const missing = new Set(this.others);
    await this.pollUntil(
      'the other load generators were not ready',
      async () => {
        const asked = [...missing];
        const posts = await this.postsOf(topic, begunSchema, asked);
        asked.forEach((generator, index) => {
          const post = posts[index];
          if (!post) return;
          if (post !== true) starts.push(post.startAtEpochMs);
          missing.delete(generator);
        });
        return missing.size === 0;
      },
      signal,
      missingAfterMs,
    );
    return startAtEpochMs === null || missing.size > 0 ? null : Math.max(...starts);
  }

  /**
   * Keeps a part of the ledger of a round, where the others find it too.
   * @param cancelled makes the upload less patient
   * @returns its key
   */
  async keep(round: number, part: LedgerPart, cancelled: () => boolean = () => false): Promise<string> {
    const key = this.ledgerKey(round, this.input.generator, part.kind);
    const body = await compress(encodeLedger(part), { level: 1 });
    try {
      await uploadPatiently(() => this.store.put(key, body, 'application/gzip'), this.log, cancelled);
    } catch (error) {
      throw new SessionError('upload-failed', `could not upload ${key}: ${String(error)}`, { cause: error });
    }
    if (part.kind === 'received' && this.consuming.length > 0) {
      await this.store.delete([this.postKey(`run-${round}-received`, this.input.generator)]).catch(() => {});
    }
    return key;
  }

  /**
   * Waits for the outcomes of all producers that are elsewhere, calling back with each part once.
   * @returns false when they had not come in time, or the signal ended the waiting
   */
  async outcomes(
    round: number,
    learn: (part: LedgerPart) => void,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<boolean> {
    const missing = new Set(this.producing);
    try {
      await this.pollUntil(
        'the other load generators did not tell their outcomes',
        async () => {
          for (const generator of missing) {
            const part = await this.readLedger(this.ledgerKey(round, generator, 'outcomes'));
            if (!part) continue;
            learn(part);
            missing.delete(generator);
          }
          return missing.size === 0;
        },
        signal,
        timeoutMs,
      );
    } catch (error) {
      this.log('warn', String(error));
    }
    return missing.size === 0;
  }

  /**
   * Posts what has arrived here so far, and calls back with what has arrived at each of them: once with what
   * it keeps when it is done, again and again before.
   * @param done generators that have kept their last; added to
   */
  async exchangeReceived(
    round: number,
    here: LedgerPart | null,
    learn: (part: LedgerPart) => void,
    done: Set<number>,
  ): Promise<void> {
    const topic = `run-${round}-received`;
    if (here) {
      const body = await compress(encodeLedger(here), { level: 1 });
      await this.store.put(this.postKey(topic, this.input.generator), body, 'application/gzip');
    }
    await Promise.all(
      this.consuming
        .filter((generator) => !done.has(generator))
        .map(async (generator) => {
          const last = await this.readLedger(this.ledgerKey(round, generator, 'received'));
          if (last) done.add(generator);
          const part = last ?? (await this.readLedger(this.postKey(topic, generator)));
          if (part) learn(part);
        }),
    );
  }

  /**
   * Looks again and again until it is so. An S3 that does not answer is asked again too.
   * @throws SessionError when it takes too long
   */
  async pollUntil(
    what: string,
    satisfied: () => Promise<boolean>,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    let problem = '';
    while (!signal.aborted) {
      try {
        if (await satisfied()) return;
      } catch (error) {
        const next = `: ${String(error)}`;
        if (next !== problem)
          this.log('warn', 'asking the other load generators failed; asking again', { error: String(error) });
        problem = next;
      }
      if (performance.now() >= deadlineMs) {
        throw new SessionError('peer-missing', `${what} within ${Math.round(timeoutMs / 1_000)} s${problem}`);
      }
      await wait(pollEveryMs);
    }
  }

  private async readLedger(key: string): Promise<LedgerPart | null> {
    const body = await this.store.get(key);
    return body && decodeLedger(await decompress(body));
  }

  private ledgerKey(round: number, generator: number, kind: LedgerPart['kind']): string {
    const { experimentId, runId, session } = this.input;
    return s3Keys.ledger(experimentId, runId, session, round, generator, kind);
  }

  private postKey(topic: string, generator: number): string {
    const { experimentId, runId, session } = this.input;
    return s3Keys.told(experimentId, runId, session, topic, generator);
  }
}
