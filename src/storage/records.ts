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
import { readIndex } from './record-index.ts';

/** Experiments and comparisons as last known, and the index over them, newest first. */
export interface Records {
  saveExperiment(record: ExperimentRecord): Promise<void>;
  readExperiment(id: string): Promise<ExperimentRecord | null>;
  saveComparison(record: ComparisonRecord): Promise<void>;
  readComparison(id: string): Promise<ComparisonRecord | null>;
  /** All entries of the index. */
  allExperiments(): Promise<ExperimentSummary[]>;
  allComparisons(): Promise<ComparisonSummary[]>;
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
    saveExperiment: (record) => experiments.save(record),
    readExperiment: (id) => experiments.read(id),
    allExperiments: () => experiments.all(),
    saveComparison: (record) => comparisons.save(record),
    readComparison: (id) => comparisons.read(id),
    allComparisons: () => comparisons.all(),
  };
}

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

  async save(given: Item): Promise<void> {
    const { kind, keyOf, summarySchema } = this.options;
    const key = keyOf(given.id);
    const submittedAt = await this.firstSubmittedAt(key, given.submittedAt);
    const record = { ...given, submittedAt };
    await this.store.putJson(key, record);
    const indexKey = s3Keys.index(kind, new Date(submittedAt), given.id);
    await this.store.putJson(indexKey, summarySchema.parse(record));
  }

  async read(id: string): Promise<Item | null> {
    const json = await this.store.getJson(this.options.keyOf(id));
    return json === null ? null : this.options.recordSchema.parse(json);
  }

  all(): Promise<Summary[]> {
    const { kind, summarySchema } = this.options;
    return readIndex(this.store, kind, summarySchema);
  }

  /** A run after a reset has another start; the place in the index stays the first one's. */
  private async firstSubmittedAt(key: string, submittedAt: string): Promise<string> {
    const earlier = z.object({ submittedAt: z.iso.datetime() }).safeParse(await this.store.getJson(key));
    return earlier.success && earlier.data.submittedAt < submittedAt ? earlier.data.submittedAt : submittedAt;
  }
}
