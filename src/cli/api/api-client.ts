import type { z } from 'zod';
import {
  acceptedComparisonAnswerSchema,
  acceptedSchema,
  type ComparisonDetail,
  comparisonDetailSchema,
  comparisonPageSchema,
  type ExperimentDetail,
  experimentDetailSchema,
  experimentPageSchema,
  type OpenWait,
  type OrphansAnswer,
  openWaitsSchema,
  orphansAnswerSchema,
  type Report,
  reportSchema,
  technologiesSchema,
} from '../../contracts/documents/api.ts';
import { keptSchema } from '../../contracts/documents/progress.ts';
import { type ReaperReport, reaperReportSchema } from '../../contracts/temporal/infrastructure-activities.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ApiAddress } from './api-address.ts';
import { ApiConnection, isNotFound } from './api-connection.ts';
import { readEvents, type ServerEvent } from './server-events.ts';

export type WorkKind = 'experiments' | 'comparisons';
export type Detail<Kind extends WorkKind> = Kind extends 'experiments' ? ExperimentDetail : ComparisonDetail;
export type WorkPage<Kind extends WorkKind> = z.infer<
  Kind extends 'experiments' ? typeof experimentPageSchema : typeof comparisonPageSchema
>;

/** What an id belongs to. */
export type Found =
  | { kind: 'experiments'; detail: ExperimentDetail }
  | { kind: 'comparisons'; detail: ComparisonDetail };

const defaultTimeoutMs = 30_000;

/** As long as the API itself waits for the reaper. */
const reapTimeoutMs = 15 * 60_000;

function place(kind: WorkKind, id: string): string {
  return `/api/${kind}/${encodeURIComponent(id)}`;
}

function reportPlace(kind: WorkKind, id: string): string {
  return kind === 'comparisons'
    ? `${place(kind, id)}/report`
    : `/api/report?experiment=${encodeURIComponent(id)}`;
}

/** The API as the commands use it. Every method rejects with `ApiError` or `NoApiError`. */
export class ApiClient {
  readonly url: string;
  private readonly api: ApiConnection;

  /** @param timeoutMs how long one answer may take */
  constructor(address: ApiAddress, { timeoutMs = defaultTimeoutMs } = {}) {
    this.api = new ApiConnection(address, timeoutMs);
    this.url = address.url;
  }

  async submit(kind: WorkKind, document: unknown): Promise<{ id: string }> {
    const schema = kind === 'experiments' ? acceptedSchema : acceptedComparisonAnswerSchema;
    return schema.parse(await this.api.post(`/api/${kind}`, document));
  }

  async detail<Kind extends WorkKind>(kind: Kind, id: string): Promise<Detail<Kind>> {
    const schema = kind === 'experiments' ? experimentDetailSchema : comparisonDetailSchema;
    return (await this.api.get(place(kind, id), schema)) as Detail<Kind>;
  }

  /** What an id belongs to; a `CliError` when to nothing. */
  async find(id: string): Promise<Found> {
    const experiment = await this.detail('experiments', id).catch(nullIfNotFound);
    if (experiment) return { kind: 'experiments', detail: experiment };
    const comparison = await this.detail('comparisons', id).catch(nullIfNotFound);
    if (comparison) return { kind: 'comparisons', detail: comparison };
    throw new CliError(
      `There is no experiment or comparison ${JSON.stringify(id)}; comparator list shows what there is.`,
      exitCodes.wrongUse,
    );
  }

  async list<Kind extends WorkKind>(
    kind: Kind,
    query: Record<string, string | undefined>,
  ): Promise<WorkPage<Kind>> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const schema = kind === 'experiments' ? experimentPageSchema : comparisonPageSchema;
    return (await this.api.get(`/api/${kind}?${new URLSearchParams(given)}`, schema)) as WorkPage<Kind>;
  }

  async cancel(kind: WorkKind, id: string): Promise<void> {
    await this.api.post(`${place(kind, id)}/cancel`, {});
  }

  /** @param experiments also those of a comparison */
  async delete(kind: WorkKind, id: string, experiments: boolean): Promise<void> {
    const query = kind === 'comparisons' ? `?experiments=${experiments}` : '';
    await this.api.request(place(kind, id) + query, { method: 'DELETE' });
  }

  async retryDestroy(id: string, breakLock: string | undefined): Promise<void> {
    const body = breakLock === undefined ? {} : { breakLock };
    await this.api.post(`${place('experiments', id)}/retry-destroy`, body);
  }

  /** Keeps what was measured for longer. @returns until when, as an instant */
  async extend(id: string, minutes: number): Promise<string> {
    const answer = await this.api.post(`${place('experiments', id)}/extend`, { minutes });
    return keptSchema.parse(answer).keptUntil;
  }

  /** Answers once everything found is destroyed, or was tried. */
  async reap(dryRun: boolean): Promise<ReaperReport> {
    return reaperReportSchema.parse(await this.api.post(`/api/reap?dryRun=${dryRun}`, {}, reapTimeoutMs));
  }

  /** Open workflows that wait for something else than their turn. */
  async waiting(): Promise<OpenWait[]> {
    return (await this.api.get('/api/waiting', openWaitsSchema)).items;
  }

  /** What the reaper could not destroy. */
  orphans(): Promise<OrphansAnswer> {
    return this.api.get('/api/orphans', orphansAnswerSchema);
  }

  report(kind: WorkKind, id: string): Promise<Report> {
    return this.api.get(reportPlace(kind, id), reportSchema);
  }

  /** The report as one file that opens offline. */
  reportHtml(kind: WorkKind, id: string): Promise<string> {
    return this.api.getText(reportPlace(kind, id), 'text/html');
  }

  /** Phases and terraform's messages of an experiment, a line each; null while there are none. */
  log(id: string): Promise<string | null> {
    return this.api.getText(`${place('experiments', id)}/log`).catch(nullIfNotFound);
  }

  technologies(): Promise<z.infer<typeof technologiesSchema>> {
    return this.api.get('/api/technologies', technologiesSchema);
  }

  /** Events until the server ends the stream or the signal aborts. */
  async *events(kind: WorkKind, id: string, signal: AbortSignal): AsyncGenerator<ServerEvent> {
    const response = await this.api.request(`${place(kind, id)}/events`, { signal });
    if (response.body) yield* readEvents(response.body);
  }
}

function nullIfNotFound(error: unknown): null {
  if (isNotFound(error)) return null;
  throw error;
}
