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
    const earlier = placedSchema.safeParse(await this.store.getJson(key)).data;
    // A call that was given up on may arrive after those that came later.
    if (earlier && isOlder(placedSchema.parse(given), earlier)) return;
    // A run after a reset has another start; the place in the index stays the first one's.
    const submittedAt =
      earlier && earlier.submittedAt < given.submittedAt ? earlier.submittedAt : given.submittedAt;
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
}

/** What tells of two records of one id which is the older. */
const placedSchema = z.object({
  submittedAt: z.iso.datetime(),
  timeline: z.array(z.object({ startedAt: z.iso.datetime() })).default([]),
});

/** A later run begins later; within one, the timeline only grows. */
function isOlder(given: z.output<typeof placedSchema>, earlier: z.output<typeof placedSchema>): boolean {
  const [began, earlierBegan] = [given.timeline[0]?.startedAt, earlier.timeline[0]?.startedAt];
  if (began === undefined || earlierBegan === undefined) return false;
  if (began !== earlierBegan) return began < earlierBegan;
  return given.timeline.length < earlier.timeline.length;
}
