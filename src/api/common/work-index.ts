import { Readable } from 'node:stream';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { unwrapInput } from '../../contracts/temporal/workflows.ts';
import type { IndexEntry, IndexPage } from '../../storage/record-index.ts';
import type { IndexOf } from '../../storage/records.ts';
import { BoundedMap } from '../http/bounded-map.ts';
import {
  type TemporalGateway,
  TemporalUnavailable,
  type WorkflowKind,
  type WorkflowView,
} from '../sources/temporal-gateway.ts';
import type { Lists } from './lists.ts';
import { beyondAll, type Listed, type Page, type PageOptions, type SummaryTable } from './summary-table.ts';

/** Temporal's lists may lag behind by this much. */
const lagMs = 30_000;
/** What was heard of Temporal this long ago is no beginning: it forgets closed workflows. */
const longestSilenceMs = 6 * 3_600_000;
const asksAtOnce = 16;
/** Written down at once, so that nobody who asks meanwhile waits for long. */
const writesAtOnce = 500;
/** Fewer entries than this are read one by one faster than a snapshot of all is written. */
const worthASnapshot = 200;

/** What tells experiments and comparisons apart for their common index. */
export interface WorkIndexOptions<Summary extends Listed, Spec> {
  kind: WorkflowKind;
  gateway: TemporalGateway;
  lists: Lists<Summary>;
  /** The index in storage. */
  stored: IndexOf<Summary>;
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
 * that are open, one for each process of the API. Temporal is asked for what has changed when somebody asks for a list;
 * storage is read by itself, the newest first. An answer waits until all is known that it could have on it, and for no
 * more: a list that is short is worse than a list that is late.
 */
export class WorkIndex<Summary extends Listed, Spec> {
  private readonly options: WorkIndexOptions<Summary, Spec>;
  private table: SummaryTable<Summary>;
  /** The place down to which all that is in storage is in the table. */
  private covered = '';
  /** Fulfilled once more is covered, and rejected where that failed. */
  private step = Promise.withResolvers<void>();
  private reading: Promise<void> | null = null;
  private changing: Promise<void> | null = null;
  private readAtMs: number | null = null;
  private changedAtMs: number | null = null;
  /** From when on Temporal is asked for changes; null until it has told of all that is open. */
  private since: Date | null = null;
  /** Whether it was seen which Temporal this is. */
  private isTemporalKnown = false;
  /** Those of which Temporal said that they are open. */
  private readonly openByTemporal = new Set<string>();
  /** Runs whose end has been looked at. */
  private readonly settled = new BoundedMap<string, true>(20_000);
  /** Started by this process since Temporal was last asked. */
  private readonly justStarted = new BoundedMap<string, true>(1_000);
  /** Deleted by this process. */
  private readonly forgotten = new BoundedMap<string, true>(1_000);

  constructor(options: WorkIndexOptions<Summary, Spec>) {
    this.options = options;
    this.table = options.lists.open();
    const since = new Date(this.table.note('since') ?? Number.NaN);
    if (Date.now() - since.getTime() < longestSilenceMs) this.since = since;
  }

  /** A page, newest first. @throws HttpProblem 422 for a cursor that is none of ours */
  async list(options: PageOptions): Promise<Page<Summary>> {
    return this.lasting(async () => {
      for (;;) {
        const { step } = this;
        await this.upToDate();
        const { beyond, ...page } = this.table.page(options);
        if (this.covered >= (beyond ?? beyondAll)) return page;
        await step.promise;
      }
    });
  }

  /** All that are open; null where Temporal does not answer, so that nobody knows. */
  async open(): Promise<Summary[] | null> {
    await this.whole();
    return this.since === null ? null : this.table.openItems();
  }

  /** How many have closed and are kept, by how. */
  async closedByOutcome(): Promise<Map<string, number>> {
    await this.whole();
    return this.table.closedByOutcome();
  }

  /** Ids of closed ones that ended before then. */
  async endedBefore(instant: Date): Promise<string[]> {
    await this.whole();
    return this.table.endedBefore(instant.toISOString());
  }

  /** Reads all of it before anybody asks, as soon as storage answers. */
  async readAhead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.whole();
        return;
      } catch {
        await delay(2_000, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** It was started: the next answer knows, though Temporal's own lists may lag behind. */
  started(id: string): void {
    this.justStarted.set(id, true);
    this.changedAtMs = null;
  }

  forget(id: string): void {
    this.forgotten.set(id, true);
    this.table.delete(id);
  }

  /** The document that a workflow was started with, null where it is none of its kind; and by whom. */
  async given(workflow: WorkflowView): Promise<{ spec: Spec | null; submittedBy: string | null }> {
    const { spec, submittedBy } = unwrapInput(await this.options.gateway.input(workflow));
    return { spec: this.options.specSchema.safeParse(spec).data ?? null, submittedBy };
  }

  /** Waits until all is known. */
  private whole(): Promise<void> {
    return this.lasting(async () => {
      for (;;) {
        const { step } = this;
        await this.upToDate();
        if (this.covered === beyondAll) return;
        await step.promise;
      }
    });
  }

  /** Does it again on a new table where the one there was has failed, as on a full disk. */
  private async lasting<T>(use: () => Promise<T>): Promise<T> {
    const { table } = this;
    try {
      return await use();
    } catch (error) {
      if (!this.options.lists.hasFailed(error)) throw error;
      if (this.table === table) {
        this.table = this.options.lists.openAnew(error as Error);
        this.covered = '';
        this.reading = null;
        this.changing = null;
        this.readAtMs = null;
        this.changedAtMs = null;
        this.since = null;
        this.isTemporalKnown = false;
        this.settled.clear();
      }
      return await use();
    }
  }

  private async upToDate(): Promise<void> {
    const { changesMs, wholeMs } = this.options.ages;
    if (this.reading === null && isOlder(this.readAtMs, wholeMs)) this.read();
    if (isOlder(this.changedAtMs, changesMs)) await this.change();
  }

  /** Reads what is in storage, beside the answers. */
  private read(): void {
    this.readAtMs = performance.now();
    const { table } = this;
    const end = () => {
      if (this.reading === reading) this.reading = null;
    };
    const reading = this.readPages(table).then(end, (error: unknown) => {
      end();
      if (this.table !== table || this.covered === beyondAll) return;
      this.readAtMs = null;
      this.stepOn((step) => step.reject(error));
    });
    this.reading = reading;
  }

  private async readPages(table: SummaryTable<Summary>): Promise<void> {
    const { stored } = this.options;
    // Below what an earlier process has read, its copy holds until it is compared.
    const trusted = table.note('whole') === null ? beyondAll : (table.newestStored() ?? beyondAll);
    if (this.changedAtMs === null) await this.change();
    let after = '';
    let read = 0;
    for await (const page of stored.pages((places) => table.tagsAt(places))) {
      if (this.table !== table) return;
      await this.takePage(table, page, after);
      after = page.through ?? beyondAll;
      read += page.read;
      this.cover(after >= trusted ? beyondAll : after);
    }
    table.setNote('whole', new Date().toISOString());
    if (read >= worthASnapshot) await stored.keep(table.stored()).catch(() => {});
    await this.confirmOpen(table);
  }

  private async takePage(
    table: SummaryTable<Summary>,
    page: IndexPage<Summary>,
    after: string,
  ): Promise<void> {
    const changed = page.changed.filter(({ summary }) => !this.forgotten.get(summary.id));
    table.takePage({ ...page, changed }, after);
    if (this.since === null) return;
    const isDoubtful = ({ summary }: IndexEntry<Summary>) =>
      !this.options.lists.isClosed(summary) && !this.openByTemporal.has(summary.id);
    await this.lookAt(
      table,
      changed.filter(isDoubtful).map(({ summary }) => summary.id),
    );
  }

  private cover(place: string): void {
    if (place <= this.covered) return;
    this.covered = place;
    this.stepOn((step) => step.resolve());
  }

  private stepOn(end: (step: PromiseWithResolvers<void>) => void): void {
    const { step } = this;
    this.step = Promise.withResolvers();
    // Nobody may be waiting for it.
    step.promise.catch(() => {});
    end(step);
  }

  /** What Temporal lists as open, compared with all that the table has as open. */
  private async confirmOpen(table: SummaryTable<Summary>): Promise<void> {
    const before = table.openIds();
    try {
      await this.take(table, await this.options.gateway.listOpen(this.options.kind), before);
    } catch (error) {
      if (!(error instanceof TemporalUnavailable)) throw error;
      this.since = null;
    }
  }

  private async change(): Promise<void> {
    this.changing ??= this.askForChanges(this.table).finally(() => {
      this.changing = null;
    });
    await this.changing;
  }

  private async askForChanges(table: SummaryTable<Summary>): Promise<void> {
    const { gateway, kind } = this.options;
    const asked = new Date();
    try {
      if (!this.isTemporalKnown) await this.meetTemporal(table);
      const { since } = this;
      const started = this.justStarted.keys();
      const views = await (since ? gateway.listChanged(kind, since) : gateway.listOpen(kind));
      await this.take(table, views, since ? table.activeIds() : table.openIds());
      await this.lookAt(
        table,
        started.filter((id) => table.get(id) === undefined),
      );
      for (const id of started) this.justStarted.delete(id);
      if (this.table !== table) return;
      this.since = new Date(asked.getTime() - lagMs);
      table.setNote('since', this.since.toISOString());
      // Of all that came since, it has told.
      if (since && table.note('whole') !== null) this.cover(beyondAll);
    } catch (error) {
      if (!(error instanceof TemporalUnavailable)) throw error;
      // Storage still answers; all that is open is asked for again once Temporal does.
      this.since = null;
    }
    this.changedAtMs = performance.now();
  }

  /** What an earlier process has heard is a beginning only where the same server told it. */
  private async meetTemporal(table: SummaryTable<Summary>): Promise<void> {
    const id = await this.options.gateway.namespaceId();
    if (table.note('namespace') !== id) this.since = null;
    table.setNote('namespace', id);
    this.isTemporalKnown = true;
  }

  /** @param expected those that would be among the open ones, were they open */
  private async take(
    table: SummaryTable<Summary>,
    views: readonly WorkflowView[],
    expected: readonly string[],
  ): Promise<void> {
    // The same run may have been listed before and after its end.
    const ended = views.filter(({ status }) => status !== 'running');
    const endedRuns = new Set(ended.map(({ runId }) => runId));
    const open = new Map(
      views
        .filter(({ status, runId }) => status === 'running' && !endedRuns.has(runId))
        .map((view) => [view.id, view]),
    );
    const stale = new Set(expected.filter((id) => !open.has(id)));
    for (const { id, runId } of ended) if (!this.settled.get(runId) && !open.has(id)) stale.add(id);
    await this.takeOpen(table, [...open.values()]);
    await this.lookAt(table, [...stale]);
    for (const { runId } of ended) this.settled.set(runId, true);
  }

  private async takeOpen(table: SummaryTable<Summary>, views: readonly WorkflowView[]): Promise<void> {
    for (let from = 0; from < views.length; from += writesAtOnce) {
      if (from > 0) await nextTurn();
      table.together(() => {
        for (const view of views.slice(from, from + writesAtOnce)) {
          this.openByTemporal.add(view.id);
          table.set(this.options.summaryOf(view, table.get(view.id)));
        }
      });
    }
  }

  private async lookAt(table: SummaryTable<Summary>, ids: readonly string[]): Promise<void> {
    await Readable.from(ids).forEach(
      async (id: string) => {
        const item = await this.options.current(id);
        this.openByTemporal.delete(id);
        if (item) table.set(item);
        else table.delete(id);
      },
      { concurrency: asksAtOnce },
    );
  }
}

function isOlder(atMs: number | null, thanMs: number): boolean {
  return atMs === null || performance.now() - atMs > thanMs;
}
