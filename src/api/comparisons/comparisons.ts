import {
  type ComparisonDetail,
  type ComparisonLinks,
  type ComparisonRecord,
  type ComparisonSummary,
  comparisonSummarySchema,
  type ExperimentDetail,
} from '../../contracts/documents/api.ts';
import {
  type ComparisonProgress,
  comparisonProgressSchema,
  type Outcome,
  unknownComparisonProgress,
  type VariantState,
} from '../../contracts/documents/progress.ts';
import { type ComparisonSpec, comparisonSchema } from '../../contracts/input/comparison.ts';
import { idPattern } from '../../contracts/input/ids.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { orUnreadable, type Records, unreadable } from '../../storage/records.ts';
import { removeStored, wasRemoved } from '../../storage/removal.ts';
import { lostWorkflow, outcomeOf, unreadableRecord, violentEnd } from '../common/closing.ts';
import { comparisonLinks, type TemporalUi } from '../common/links.ts';
import { Lists, type ListsPlace } from '../common/lists.ts';
import type { Facets, Page } from '../common/summary-table.ts';
import type { WorkService } from '../common/work-calls.ts';
import { type ListAges, WorkIndex } from '../common/work-index.ts';
import type { Experiments } from '../experiments/experiments.ts';
import { HttpProblem } from '../http/problems.ts';
import { isOpen, sight } from '../sources/sighting.ts';
import type { DescribedWorkflow, TemporalGateway, WorkflowView } from '../sources/temporal-gateway.ts';
import { waitingOf, waitsOfPending } from '../sources/waits.ts';

export interface ComparisonFilter {
  cursor?: string | undefined;
  limit: number;
  outcome?: Outcome | undefined;
  /** Part of the name, in any case. */
  name?: string | undefined;
  open?: 'true' | 'false' | undefined;
}

export interface ComparisonsDependencies {
  gateway: TemporalGateway;
  records: Records;
  store: ObjectStore;
  experiments: Experiments;
  ui: TemporalUi;
  now: () => Date;
  ages: ListAges;
  lists: ListsPlace;
}

/** What is known of comparisons, from Temporal and storage together. */
export class Comparisons implements WorkService<ComparisonDetail> {
  readonly kind = 'comparison';
  private readonly deps: ComparisonsDependencies;
  private readonly index: WorkIndex<ComparisonSummary, ComparisonSpec>;

  constructor(deps: ComparisonsDependencies) {
    this.deps = deps;
    const { gateway, records } = deps;
    this.index = new WorkIndex({
      kind: 'comparison',
      gateway,
      lists: new Lists(deps.lists, { kind: 'comparison', schema: comparisonSummarySchema, facetsOf }),
      stored: records.comparisonIndex,
      summaryOf: (workflow, known) =>
        known ? { ...known, outcome: null, endedAt: null } : summaryOfOpen(workflow),
      current: async (id) => {
        const detail = await this.detail(id);
        return detail && comparisonSummarySchema.parse(detail);
      },
      specSchema: comparisonSchema,
      ages: deps.ages,
    });
  }

  /** Everything known of one comparison; null where there is none with that id. */
  async detail(id: string): Promise<ComparisonDetail | null> {
    if (!idPattern.test(id)) return null;
    const { gateway, records } = this.deps;
    const sighting = await sight(gateway, id, 'comparison');
    const { record, unreadable: unread } = await orUnreadable(records.readComparison(id));
    const links = this.linksOf(id);
    if (sighting.kind !== 'seen') {
      if (unread !== null) {
        const known = isOpen(sighting)
          ? {}
          : { outcome: 'failed' as const, failure: unreadableRecord(unread) };
        return { ...this.onlyIdOf(id), ...known };
      }
      if (!record) return null;
      const state = isOpen(sighting) ? record : lostUnlessClosed(record);
      return this.complete({ ...record, ...state, ...waitingOf([]), links }, record.variants);
    }
    const { workflow } = sighting;
    const ended = workflow.status !== 'running';
    if (!record && unread === null && ended && (await wasRemoved(this.deps.store, 'comparisons', id)))
      return null;
    const { spec, submittedBy = null } = record ?? (await this.index.given(workflow));
    const state = await this.state(workflow, record);
    const detail = {
      id,
      runId: workflow.runId,
      name: record?.name ?? spec?.name ?? workflow.name ?? id,
      submittedAt: record?.submittedAt ?? workflow.startedAt.toISOString(),
      submittedBy,
      spec,
      ...state,
      ...waitingOf(workflow.status === 'running' ? waitsOfPending(workflow.pending, this.deps.now()) : []),
      links,
    };
    return this.complete(detail, state.variants);
  }

  /** One of which nobody can say more than that it was there. */
  private onlyIdOf(id: string): ComparisonDetail {
    const now = this.deps.now().toISOString();
    const links = this.linksOf(id);
    const known = { id, runId: '', name: id, submittedAt: now, submittedBy: null, spec: null, variants: [] };
    return { ...unknownComparisonProgress, ...waitingOf([]), ...known, links };
  }

  isClosed({ outcome }: ComparisonDetail): boolean {
    return outcome !== null;
  }

  linksOf(id: string): ComparisonLinks {
    return comparisonLinks(id, this.deps.ui);
  }

  /** Whether a comparison with that id was ever accepted. */
  async isRecorded(id: string): Promise<boolean> {
    return (await this.deps.records.readComparison(id).catch(unreadable)) !== null;
  }

  /** Reads all lists before anybody asks for one. */
  readAhead(signal: AbortSignal): Promise<void> {
    return this.index.readAhead(signal);
  }

  /** One was started: the next list has it. */
  noteStart(id: string): void {
    this.index.started(id);
  }

  /** A page of past and running comparisons, newest first. */
  list({ cursor, limit, open, ...filter }: ComparisonFilter): Promise<Page<ComparisonSummary>> {
    return this.index.list({ cursor, limit, filter: { ...filter, open: open && open === 'true' } });
  }

  /** @throws HttpProblem 409 where it was started again */
  async remove({ id }: ComparisonDetail): Promise<void> {
    const { gateway, store } = this.deps;
    if (!(await gateway.forget(id))) {
      throw new HttpProblem(409, `Comparison ${id} cannot be deleted: it was started again.`);
    }
    await removeStored(store, 'comparisons', id);
    this.index.forget(id);
  }

  /** Closed ones that ended before then. */
  async endedBefore(instant: Date): Promise<string[]> {
    return await this.index.endedBefore(instant);
  }

  private async state(
    workflow: DescribedWorkflow,
    record: ComparisonRecord | null,
  ): Promise<ComparisonProgress> {
    const recorded = record?.runId === workflow.runId ? comparisonProgressSchema.parse(record) : null;
    if (recorded?.outcome) return recorded;
    const answer = comparisonProgressSchema.safeParse(await this.deps.gateway.progress(workflow.id)).data;
    const last = answer ??
      recorded ?? { ...unknownComparisonProgress, startedAt: workflow.startedAt.toISOString() };
    if (workflow.status === 'running') return last;
    const ended = violentEnd(workflow, 'closed');
    return {
      ...last,
      endedAt: last.endedAt ?? workflow.closedAt?.toISOString() ?? null,
      outcome: ended ? 'failed' : (last.outcome ?? outcomeOf(workflow)),
      failure: ended ?? last.failure,
    };
  }

  /** Adds what the running variants are doing. */
  private async complete(
    detail: Omit<ComparisonDetail, 'variants'>,
    variants: readonly VariantState[],
  ): Promise<ComparisonDetail> {
    const complete = variants.map(async (variant) => {
      const running =
        variant.state === 'running' || variant.state === 'needs-operator'
          ? await this.deps.experiments.detail(variant.experimentId)
          : null;
      return { ...variant, ...activity(running) };
    });
    return { ...detail, variants: await Promise.all(complete) };
  }
}

function activity(running: ExperimentDetail | null) {
  return {
    phase: running?.phase ?? null,
    queuePosition: running?.queuePosition ?? null,
    timeline: running?.timeline ?? null,
    operator: running?.operator ?? null,
    progress: running?.progress ?? null,
    waiting: running?.waiting ?? null,
    waits: running?.waits ?? null,
  };
}

function lostUnlessClosed(record: ComparisonRecord): Partial<ComparisonProgress> {
  return record.outcome ? {} : { outcome: 'failed', failure: lostWorkflow('closed') };
}

function facetsOf({ name, outcome }: ComparisonSummary): Facets {
  const state = outcome === null ? 'active' : 'closed';
  return { state, technology: null, target: null, phase: null, outcome, comparison: null, name };
}

function summaryOfOpen(workflow: WorkflowView): ComparisonSummary {
  return {
    id: workflow.id,
    name: workflow.name ?? workflow.id,
    outcome: outcomeOf(workflow),
    submittedAt: workflow.startedAt.toISOString(),
    startedAt: null,
    endedAt: workflow.closedAt?.toISOString() ?? null,
  };
}
