import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  type ComparisonRecord,
  type ComparisonSummary,
  comparisonRecordSchema,
  comparisonSummarySchema,
  type ExperimentRecord,
  type ExperimentSummary,
  experimentRecordSchema,
  experimentSummarySchema,
} from '../contracts/documents/api.ts';
import { s3Keys } from '../contracts/storage/s3-keys.ts';
import type { ObjectStore } from './object-store.ts';
import { type IndexEntry, type IndexPage, readIndex, writeSnapshot } from './record-index.ts';
import { wasRemoved } from './removal.ts';

/** What lies where a record should be is none: to read it again helps nobody. */
export class UnreadableRecordError extends Error {
  override name = 'UnreadableRecordError';

  readonly key: string;

  constructor(key: string, cause: Error) {
    super(`${key} cannot be read: ${cause.message}`, { cause });
    this.key = key;
  }
}

/** A record, or the key of one that cannot be read; nulls where there is none. */
export interface ReadRecord<T> {
  record: T | null;
  unreadable: string | null;
}

/** Waits for a record. @throws what reading it throws, unless it is that it cannot be read */
export async function orUnreadable<T>(reading: Promise<T | null>): Promise<ReadRecord<T>> {
  const read = await reading.catch(unreadable);
  return read instanceof UnreadableRecordError
    ? { record: null, unreadable: read.key }
    : { record: read, unreadable: null };
}

/** For a `catch`: the error itself where a record cannot be read; any other goes on. */
export function unreadable(error: unknown): UnreadableRecordError {
  if (error instanceof UnreadableRecordError) return error;
  throw error;
}

/** For a `catch`: what cannot be read is taken for none; any other error goes on. */
export function nullIfUnreadable(error: unknown): null {
  if (error instanceof UnreadableRecordError) return null;
  throw error;
}

/** Experiments and comparisons as last known, and the index over them, newest first. */
export interface Records {
  /** Adds one that is new. @returns whether it was: if not, one of that id is there already */
  addExperiment(record: ExperimentRecord): Promise<boolean>;
  /** Writes one as last known, over what is older; nothing of what another writes at the same time is lost. */
  saveExperiment(record: ExperimentRecord): Promise<void>;
  /** @throws UnreadableRecordError */
  readExperiment(id: string): Promise<ExperimentRecord | null>;
  addComparison(record: ComparisonRecord): Promise<boolean>;
  saveComparison(record: ComparisonRecord): Promise<void>;
  /** @throws UnreadableRecordError */
  readComparison(id: string): Promise<ComparisonRecord | null>;
  experimentIndex: IndexOf<ExperimentSummary>;
  comparisonIndex: IndexOf<ComparisonSummary>;
}

/** The index over the records of one kind, newest first. */
export interface IndexOf<Summary> {
  /** Page by page; of entries whose tag is known, only that they are the same. */
  pages(known?: (places: string[]) => Map<string, string>): AsyncIterable<IndexPage<Summary>>;
  /** Writes down what is known of it, each entry as JSON, for processes that know nothing. */
  keep(entries: Iterable<IndexEntry<string>>): Promise<void>;
}

/** Records in the results bucket. */
export function createRecords(store: ObjectStore): Records {
  const experiments = new RecordShelf(store, {
    kind: 'experiments',
    keyOf: s3Keys.experiment,
    recordSchema: experimentRecordSchema,
    summarySchema: experimentSummarySchema,
  });
  const comparisons = new RecordShelf(store, {
    kind: 'comparisons',
    keyOf: s3Keys.comparison,
    recordSchema: comparisonRecordSchema,
    summarySchema: comparisonSummarySchema,
  });
  return {
    addExperiment: (record) => experiments.add(record),
    saveExperiment: (record) => experiments.save(record),
    readExperiment: (id) => experiments.read(id),
    experimentIndex: experiments.index,
    addComparison: (record) => comparisons.add(record),
    saveComparison: (record) => comparisons.save(record),
    readComparison: (id) => comparisons.read(id),
    comparisonIndex: comparisons.index,
  };
}

const mostConflicts = 10;

interface ShelfOptions<Item, Summary> {
  kind: 'experiments' | 'comparisons';
  /** Key of the record of an id. */
  keyOf: (id: string) => string;
  recordSchema: z.ZodType<Item>;
  summarySchema: z.ZodType<Summary>;
}

/** Records of one kind, and their place in its index. */
class RecordShelf<Item extends { id: string; submittedAt: string }, Summary> {
  private readonly store: ObjectStore;
  private readonly options: ShelfOptions<Item, Summary>;

  constructor(store: ObjectStore, options: ShelfOptions<Item, Summary>) {
    this.store = store;
    this.options = options;
  }

  /** Adds one that is new. @returns whether it was: if not, one of that id is there already */
  async add(item: Item): Promise<boolean> {
    if (!(await this.store.putJsonIfAbsent(this.options.keyOf(item.id), item))) return false;
    // Where this is not written any more, whoever tries again finds the record and writes both.
    await this.writeOver(this.indexKey(item), this.options.summarySchema.parse(item), null);
    return true;
  }

  async save(given: Item): Promise<void> {
    for (let tries = 1; !(await this.isSaved(given)); tries += 1) {
      if (tries === mostConflicts)
        throw new Error(`the record of ${given.id} is written by others all the time`);
      await delay(Math.random() * tries * 50);
    }
  }

  /**
   * What another writes between the first call and the last is never written over: an index entry as little as a
   * record, so the tags of both come first.
   * @returns false where another did, so that all is to be looked at again
   */
  private async isSaved(given: Item): Promise<boolean> {
    const { kind, keyOf, summarySchema } = this.options;
    const key = keyOf(given.id);
    const found = await this.store.getTagged(key);
    if (!found && (await wasRemoved(this.store, kind, given.id))) return true;
    const earlier = placedSchema.safeParse(parsed(found?.text)).data;
    // A call that was given up on may arrive after those that came later.
    if (earlier && isOlder(placedSchema.parse(given), earlier)) return true;
    // A run after a reset has another start; the place in the index stays the first one's.
    const submittedAt =
      earlier && earlier.submittedAt < given.submittedAt ? earlier.submittedAt : given.submittedAt;
    const record = { ...given, submittedAt };
    const indexKey = this.indexKey(record);
    const indexed = await this.store.getTagged(indexKey);
    if (!(await this.writeOver(key, record, found?.etag ?? null))) return false;
    return this.writeOver(indexKey, summarySchema.parse(record), indexed?.etag ?? null);
  }

  /** @param etag of what is to be written over; null where there was nothing */
  private writeOver(key: string, value: unknown, etag: string | null): Promise<boolean> {
    return etag === null ? this.store.putJsonIfAbsent(key, value) : this.store.putJsonOver(key, value, etag);
  }

  private indexKey({ id, submittedAt }: Item): string {
    return s3Keys.index(this.options.kind, new Date(submittedAt), id);
  }

  async read(id: string): Promise<Item | null> {
    const key = this.options.keyOf(id);
    const found = await this.store.getText(key);
    if (found === null) return null;
    try {
      return this.options.recordSchema.parse(JSON.parse(found));
    } catch (error) {
      throw new UnreadableRecordError(key, error as Error);
    }
  }

  get index(): IndexOf<Summary> {
    const { kind, summarySchema } = this.options;
    return {
      pages: (known = () => new Map()) => readIndex(this.store, kind, summarySchema, known),
      keep: (entries) => writeSnapshot(this.store, kind, entries),
    };
  }
}

/** What cannot be read is written over. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** What tells of two records of one id which is the older. */
const placedSchema = z.object({
  submittedAt: z.iso.datetime(),
  timeline: z.array(z.object({ startedAt: z.iso.datetime() })).default([]),
  /** Of a comparison, which has no timeline. */
  startedAt: z.iso.datetime().nullish(),
  runId: z.string().optional(),
  outcome: z.string().nullish(),
  variants: z.array(z.object({ state: z.string() })).default([]),
});
type Placed = z.output<typeof placedSchema>;

/**
 * A later run begins later. Within one the last phase begins ever later, and so it does in a run that a reset had begin
 * in the midst of another, whose timeline may have been longer.
 */
function isOlder(given: Placed, earlier: Placed): boolean {
  const [began, earlierBegan] = [beganAt(given), beganAt(earlier)];
  if (began === undefined || earlierBegan === undefined) return false;
  if (began !== earlierBegan) return began < earlierBegan;
  const [last, earlierLast] = [given.timeline.at(-1)?.startedAt, earlier.timeline.at(-1)?.startedAt];
  if (last !== undefined && earlierLast !== undefined && last !== earlierLast) return last < earlierLast;
  if (given.timeline.length !== earlier.timeline.length)
    return given.timeline.length < earlier.timeline.length;
  return given.runId === earlier.runId && doneIn(given) < doneIn(earlier);
}

function beganAt({ timeline, startedAt }: Placed): string | undefined {
  return timeline[0]?.startedAt ?? startedAt ?? undefined;
}

/** How far a run is, by what never becomes less in it: its outcome, and variants that have begun and ended. */
function doneIn({ outcome, variants }: Placed): number {
  if (outcome) return Infinity;
  const steps: { [state: string]: number } = { waiting: 0, running: 1, 'needs-operator': 1 };
  return variants.reduce((sum, { state }) => sum + (steps[state] ?? 2), 0);
}
