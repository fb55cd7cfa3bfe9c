import type { LedgerPart } from './ledger-format.ts';

export interface LoadPartPlace {
  id: string;
  runId: string;
  session: number;
  /** null for the measurement itself. */
  probe: number | null;
  generator: number;
  side: 'produce' | 'consume';
}

/** The run that a result document is of, by its key; null where that is no such key. */
export function runOfResult(resultKey: string): string | null {
  return /^experiments\/[^/]+\/([^/]+)\/result\.json$/.exec(resultKey)?.[1] ?? null;
}

/** Where everything lies in the results bucket (src/contracts/README.md, "S3 keys"). */
export const s3Keys = {
  installation: 'installation.json',
  /** Whose workers do the work. */
  home: 'home.json',
  experiment: (id: string) => `experiments/${id}/experiment.json`,
  /** Everything of an experiment but its state. */
  experimentFolder: (id: string) => `experiments/${id}/`,
  /** A Terraform state, or its lock, that nobody could read, as it was found; `what` is the last part of its key. */
  unreadable: (id: string, what: string, at: Date) =>
    `experiments/${id}/unreadable/${at.toISOString().replaceAll(/\W/g, '')}-${what}`,
  /** What disturbed an experiment while it was measured. */
  disturbances: (id: string) => `experiments/${id}/disturbances/`,
  disturbance: (id: string, from: Date, by: string) =>
    `experiments/${id}/disturbances/${from.toISOString().replaceAll(/\W/g, '')}-${by}.json`,
  /** Where servers of its own tell of themselves that are tasks on AWS; and certificates of who may speak to them. */
  serverTasks: (id: string) => `experiments/${id}/tasks/servers/`,
  serverTask: (id: string, name: string) => `experiments/${id}/tasks/servers/${name}.json`,
  clientCertificates: (id: string) => `experiments/${id}/tasks/clients/`,
  clientCertificate: (id: string, fingerprint: string) =>
    `experiments/${id}/tasks/clients/${fingerprint}.pem`,
  run: (id: string, runId: string) => `experiments/${id}/${runId}/`,
  result: (id: string, runId: string) => `experiments/${id}/${runId}/result.json`,
  timeseries: (id: string, runId: string) => `experiments/${id}/${runId}/timeseries.ndjson`,
  intervals: (id: string, runId: string) => `experiments/${id}/${runId}/intervals.ndjson`,
  /** What one load generator measured in one session: counts, histograms, series. */
  loadPart: ({ id, runId, session, probe, generator, side }: LoadPartPlace) =>
    `experiments/${id}/${runId}/session-${session}/${probe === null ? '' : `probe-${probe}/`}generator-${generator}-${side}.json`,
  /**
   * What one load generator knows of the messages of one round of a session: compressed with gzip,
   * layout in ledger-format.ts.
   */
  ledger: (
    id: string,
    runId: string,
    session: number,
    round: number,
    generator: number,
    kind: LedgerPart['kind'],
  ) => `experiments/${id}/${runId}/session-${session}/run-${round}/generator-${generator}-${kind}.ledger.gz`,
  /** What one load generator tells the others of its session. */
  told: (id: string, runId: string, session: number, topic: string, generator: number) =>
    `experiments/${id}/${runId}/session-${session}/told/${topic}-generator-${generator}`,
  /** Folder of terraform's journals of an experiment. */
  journals: (id: string, runId: string) => `experiments/${id}/${runId}/terraform/`,
  comparison: (id: string) => `comparisons/${id}/comparison.json`,
  /** Terraform's state and locks of an experiment; empty once all is destroyed. */
  stateFolder: (id: string) => `state/${id}/`,
  terraformState: (id: string) => `state/${id}/terraform.tfstate`,
  /** The lock object of terraform's S3 backend; JSON. */
  terraformLock: (id: string) => `state/${id}/terraform.tfstate.tflock`,
  /** That an apply has begun which makes things in what is the user's own; until all is destroyed. */
  begun: (id: string) => `state/${id}/begun.json`,
  /** What terraform could not write to its backend, until it has been pushed. */
  erroredState: (id: string) => `state/${id}/errored.tfstate`,
  /** Changes that were asked for from then on, a JSON document a line; never written over. */
  audit: (from: Date, by: string) =>
    `audit/${from.toISOString().slice(0, 10)}/${from.toISOString().replaceAll(/\W/g, '')}-${by}.ndjson`,
  /** What the reaper could not destroy, at its last look. */
  reaperReport: 'reaper/report.json',
  /** That one was deleted, for as long as Temporal may still know its workflow. */
  deleted: (kind: 'experiments' | 'comparisons', id: string) => `deleted/${kind}/${id}.json`,
  idempotency: (digest: string) => `idempotency/${digest}.json`,
  indexFolder: (kind: 'experiments' | 'comparisons') => `index/${kind}/`,
  /** What was read of the index once, so that it need not be read entry by entry again. */
  indexSnapshot: (kind: 'experiments' | 'comparisons') => `index/${kind}.ndjson.gz`,
  /** Summaries; S3 lists in ascending order, so the time is inverted to have the newest first. */
  index: (kind: 'experiments' | 'comparisons', submittedAt: Date, id: string) =>
    `index/${kind}/${String(9_999_999_999_999 - submittedAt.getTime()).padStart(13, '0')}-${id}.json`,
} as const;
