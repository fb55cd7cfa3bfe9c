import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { unwrapInput } from '../../contracts/temporal/workflows.ts';
import { BoundedMap } from '../http/bounded-map.ts';
import {
  type TemporalGateway,
  TemporalUnavailable,
  type WorkflowKind,
  type WorkflowView,
} from '../sources/temporal-gateway.ts';
import { type Listed, type Page, type PageOptions, SummaryTable } from './summary-table.ts';

/** Temporal's lists may lag behind by this much. */
const lagMs = 30_000;
const asksAtOnce = 16;

/** What tells experiments and comparisons apart for their common index. */
export interface WorkIndexOptions<Summary extends Listed, Spec> {
  kind: WorkflowKind;
  gateway: TemporalGateway;
  /** All entries of the index in storage. */
  readAll(): Promise<Summary[]>;
  isClosed(item: Summary): boolean;
  /** Whether one that is open should be among those that Temporal lists as open beyond the queue. */
  isActive(item: Summary): boolean;
  /** An open one by its workflow; `known` is what was known of it so far. */
  summaryOf(workflow: WorkflowView, known: Summary | undefined): Summary;
  /** As all sources together have it; null where there is none any more. */
  current(id: string): Promise<Summary | null>;
  /** Checks the document that a workflow was started with. */
  specSchema: z.ZodType<Spec>;
  ages: ListAges;
}

/** How old an answer may be. */
export interface ListAges {
  /** What Temporal knows of changes. */
  changesMs: number;
  /** The whole, read anew beside the answers: for what no change told of, such as a delete by another process. */
  wholeMs: number;
}

/**
 * What there is of one kind of work, past and running: a copy of the index in storage with what Temporal knows of those
 * that are open, one for each process of the API. It is filled once, by a reading whose calls do not grow with what was
 * read before, and the first answers wait for it: a list that is short is worse than a list that is late. From then on
 * Temporal is asked for what has changed, when somebody asks for a list.
 */
export class WorkIndex<Summary extends Listed, Spec> {
  private readonly options: WorkIndexOptions<Summary, Spec>;
  private table: SummaryTable<Summary> | null = null;
  private filling: Promise<void> | null = null;
  private changing: Promise<void> | null = null;
  private wholeAtMs = 0;
  private changedAtMs = 0;
  /** From when on Temporal is asked for changes; null until it has told of all that is open. */
  private since: Date | null = null;
  /** Runs whose end has been looked at. */
  private readonly settled = new BoundedMap<string, true>(20_000);

  constructor(options: WorkIndexOptions<Summary, Spec>) {
    this.options = options;
  }

  /** A page, newest first. @throws HttpProblem 422 for a cursor that is none of ours */
  async list(options: PageOptions<Summary>): Promise<Page<Summary>> {
    return (await this.upToDate()).page(options);
  }

  /** All that are open; null where Temporal does not answer, so that nobody knows. */
  async open(): Promise<Summary[] | null> {
    const table = await this.upToDate();
    return this.since === null ? null : [...table].filter((item) => !this.options.isClosed(item));
  }

  /** Ids of closed ones that ended before then. */
  async endedBefore(instant: Date): Promise<string[]> {
    const until = instant.toISOString();
    const closed = [...(await this.upToDate())].filter((item) => this.options.isClosed(item));
    return closed.filter(({ endedAt, submittedAt }) => (endedAt ?? submittedAt) < until).map(({ id }) => id);
  }

  /** Reads all of it before anybody asks, as soon as storage answers. */
  async readAhead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.upToDate();
        return;
      } catch {
        await delay(2_000, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** One was started: the next answer knows. */
  expire(): void {
    this.changedAtMs = 0;
  }

  forget(id: string): void {
    this.table?.delete(id);
  }

  /** The document that a workflow was started with; null where it is none of its kind. */
  async specOfInput(workflow: WorkflowView): Promise<Spec | null> {
    const { spec } = unwrapInput(await this.options.gateway.input(workflow));
    return this.options.specSchema.safeParse(spec).data ?? null;
  }

  private async upToDate(): Promise<SummaryTable<Summary>> {
    const { changesMs, wholeMs } = this.options.ages;
    const now = performance.now();
    if (this.table === null) await this.fill();
    else if (now - this.wholeAtMs > wholeMs) void this.fill().catch(() => {});
    if (this.changedAtMs === 0 || performance.now() - this.changedAtMs > changesMs) await this.change();
    return this.table as unknown as SummaryTable<Summary>;
  }

  /** Reads the whole; several that ask at once share it. */
  private fill(): Promise<void> {
    this.filling ??= this.readWhole().finally(() => {
      this.filling = null;
    });
    return this.filling;
  }

  private async readWhole(): Promise<void> {
    this.wholeAtMs = performance.now();
    const table = new SummaryTable<Summary>();
    for (const item of await this.options.readAll()) table.set(item);
    while (this.changing) await this.changing.catch(() => {});
    // What changed while it was read is told again.
    this.since = null;
    this.table = table;
    await this.change();
  }

  private async change(): Promise<void> {
    this.changing ??= this.askForChanges().finally(() => {
      this.changing = null;
    });
    await this.changing;
  }

  private async askForChanges(): Promise<void> {
    const { gateway, kind } = this.options;
    const table = this.table as SummaryTable<Summary>;
    const [since, asked] = [this.since, new Date()];
    try {
      const views = await (since ? gateway.listChanged(kind, since) : gateway.listOpen(kind));
      await this.take(table, views, since === null);
      this.since = new Date(asked.getTime() - lagMs);
    } catch (error) {
      if (!(error instanceof TemporalUnavailable)) throw error;
      // Storage still answers; all that is open is asked for again once Temporal does.
      this.since = null;
    }
    this.changedAtMs = performance.now();
  }

  private async take(
    table: SummaryTable<Summary>,
    views: readonly WorkflowView[],
    areAllOpen: boolean,
  ): Promise<void> {
    const { isClosed, isActive, summaryOf } = this.options;
    // The same run may have been listed before and after its end.
    const ended = views.filter(({ status }) => status !== 'running');
    const endedRuns = new Set(ended.map(({ runId }) => runId));
    const open = new Map(
      views
        .filter(({ status, runId }) => status === 'running' && !endedRuns.has(runId))
        .map((view) => [view.id, view]),
    );
    const stale = new Set<string>();
    for (const item of table) {
      if (isClosed(item) || open.has(item.id)) continue;
      if (areAllOpen || isActive(item)) stale.add(item.id);
    }
    for (const { id, runId } of ended) if (!this.settled.get(runId) && !open.has(id)) stale.add(id);
    for (const view of open.values()) table.set(summaryOf(view, table.get(view.id)));
    await Readable.from(stale).forEach(
      async (id: string) => {
        await this.lookAt(table, id);
      },
      { concurrency: asksAtOnce },
    );
    for (const { runId } of ended) this.settled.set(runId, true);
  }

  private async lookAt(table: SummaryTable<Summary>, id: string): Promise<void> {
    const item = await this.options.current(id);
    if (item) table.set(item);
    else table.delete(id);
  }
}
