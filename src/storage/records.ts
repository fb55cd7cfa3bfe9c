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

/** Experiments and comparisons as last known, and the index over them, newest first. */
export interface Records {
  saveExperiment(record: ExperimentRecord): Promise<void>;
  readExperiment(id: string): Promise<ExperimentRecord | null>;
  saveComparison(record: ComparisonRecord): Promise<void>;
  readComparison(id: string): Promise<ComparisonRecord | null>;
  /** A page of the index after `cursor`; `nextCursor` is null on the last one. */
  listExperiments(options: PageOptions): Promise<Page<ExperimentSummary>>;
  listComparisons(options: PageOptions): Promise<Page<ComparisonSummary>>;
}

export interface PageOptions {
  /** Opaque, from an earlier page. */
  cursor: string | null;
  limit: number;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Records in the results bucket. */
export function createRecords(store: ObjectStore): Records {
  async function listIndex<T>(
    kind: 'experiments' | 'comparisons',
    schema: z.ZodType<T>,
    { cursor, limit }: PageOptions,
  ): Promise<Page<T>> {
    const prefix = `index/${kind}/`;
    const keys = await store.list(prefix, {
      limit: limit + 1,
      startAfter: cursor ? prefix + cursor : undefined,
    });
    const page = keys.slice(0, limit);
    const items = await Promise.all(
      page.map(async (key) => {
        // One entry that cannot be read, or was deleted just now, must not hide all others.
        const parsed = schema.safeParse(await store.getJson(key).catch(nullIfNotJson));
        return parsed.success ? [parsed.data] : [];
      }),
    );
    const last = page.at(-1);
    return {
      items: items.flat(),
      nextCursor: keys.length > limit && last ? last.slice(prefix.length) : null,
    };
  }

  /** A run after a reset has another start; the place in the index stays the first one's. */
  async function firstSubmittedAt(key: string, submittedAt: string): Promise<string> {
    const earlier = z.object({ submittedAt: z.iso.datetime() }).safeParse(await store.getJson(key));
    return earlier.success && earlier.data.submittedAt < submittedAt ? earlier.data.submittedAt : submittedAt;
  }

  return {
    async saveExperiment(record) {
      const key = s3Keys.experiment(record.id);
      const submittedAt = await firstSubmittedAt(key, record.submittedAt);
      await store.putJson(key, { ...record, submittedAt });
      const summary = experimentSummarySchema.parse({ ...record, submittedAt });
      await store.putJson(s3Keys.index('experiments', new Date(submittedAt), record.id), summary);
    },
    async readExperiment(id) {
      const json = await store.getJson(s3Keys.experiment(id));
      return json === null ? null : experimentRecordSchema.parse(json);
    },
    async saveComparison(record) {
      const key = s3Keys.comparison(record.id);
      const submittedAt = await firstSubmittedAt(key, record.submittedAt);
      await store.putJson(key, { ...record, submittedAt });
      const summary = comparisonSummarySchema.parse({ ...record, submittedAt });
      await store.putJson(s3Keys.index('comparisons', new Date(submittedAt), record.id), summary);
    },
    async readComparison(id) {
      const json = await store.getJson(s3Keys.comparison(id));
      return json === null ? null : comparisonRecordSchema.parse(json);
    },
    listExperiments: (options) => listIndex('experiments', experimentSummarySchema, options),
    listComparisons: (options) => listIndex('comparisons', comparisonSummarySchema, options),
  };
}

function nullIfNotJson(error: unknown): null {
  if (error instanceof SyntaxError) return null;
  throw error;
}
