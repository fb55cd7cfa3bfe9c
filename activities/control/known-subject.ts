import type { ExperimentSpec } from '../../src/contracts/input/experiment.ts';
import { type Records, UnreadableRecordError } from '../../src/storage/records.ts';

export interface SubjectSources {
  records: Pick<Records, 'readExperiment'>;
  /** What an experiment whose record is lost must have been; null where that cannot be told. */
  identify: (experimentId: string) => Promise<ExperimentSpec | null>;
}

/** What is known of an experiment, as far as a look at what is there of it, or a destroy, needs it. */
export interface KnownSubject {
  spec: ExperimentSpec;
  /** null without a record. */
  runId: string | null;
}

/**
 * By its record; by what is there of it where the record is lost, or can never be read again.
 * @returns null where neither tells
 * @throws UnreadableRecordError where the record is there, and nothing else tells
 */
export async function knownSubject(
  { records, identify }: SubjectSources,
  experimentId: string,
): Promise<KnownSubject | null> {
  let unreadable: UnreadableRecordError | undefined;
  try {
    const record = await records.readExperiment(experimentId);
    if (record) return { spec: record.spec, runId: record.runId };
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    unreadable = error;
  }
  const spec = await identify(experimentId);
  if (spec) return { spec, runId: null };
  if (unreadable) throw unreadable;
  return null;
}
