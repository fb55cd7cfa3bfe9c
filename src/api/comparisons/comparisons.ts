import type {
  ComparisonDetail,
  ComparisonRecord,
  ComparisonSummary,
  ExperimentDetail,
} from '../../contracts/documents/api.ts';
import {
  type ComparisonProgress,
  comparisonProgressSchema,
  type VariantState,
} from '../../contracts/documents/progress.ts';
import { type ComparisonSpec, comparisonSchema } from '../../contracts/input/comparison.ts';
import { idPattern } from '../../contracts/input/ids.ts';
import type { Page, Records } from '../../storage/records.ts';
import type { Experiments } from '../experiments/experiments.ts';
import { BoundedMap } from '../http/bounded-map.ts';
import { describeIfReachable, listOpenIfReachable } from '../sources/reachable.ts';
import type { DescribedWorkflow, TemporalGateway, WorkflowView } from '../sources/temporal-gateway.ts';
import { lostWorkflow, outcomeOf, violentEnd } from '../work/closing.ts';
import { comparisonLinks, type TemporalUi } from '../work/links.ts';
import { decodeCursor, mergedPage } from '../work/merged-list.ts';

export interface ComparisonsDependencies {
  gateway: TemporalGateway;
  records: Records;
  experiments: Experiments;
  ui: TemporalUi;
}

/** What is known of comparisons, from Temporal and storage together. */
export class Comparisons {
  readonly #deps: ComparisonsDependencies;
  readonly #recorded = new BoundedMap<string, true>(10_000);

  constructor(deps: ComparisonsDependencies) {
    this.#deps = deps;
  }

  /** Everything known of one comparison; null where there is none with that id. */
  async detail(id: string): Promise<ComparisonDetail | null> {
    if (!idPattern.test(id)) return null;
    const { gateway, records, ui } = this.#deps;
    const workflow = await describeIfReachable(gateway, id, 'comparison');
    const record = await records.readComparison(id);
    if (workflow === null || workflow === 'unreachable') {
      if (!record) return null;
      const state = workflow === null ? lostUnlessClosed(record) : record;
      return this.#complete({ ...record, ...state, links: comparisonLinks(id, ui) }, record.variants);
    }
    const spec = record?.spec ?? (await this.#specOfInput(workflow));
    const state = await this.#state(workflow, record);
    const detail = {
      id,
      runId: workflow.runId,
      name: record?.name ?? spec?.name ?? workflow.name ?? id,
      submittedAt: record?.submittedAt ?? workflow.startedAt.toISOString(),
      spec,
      ...state,
      links: comparisonLinks(id, ui),
    };
    return this.#complete(detail, state.variants);
  }

  /** Whether a comparison with that id was ever accepted. */
  async isRecorded(id: string): Promise<boolean> {
    if (this.#recorded.get(id)) return true;
    const record = await this.#deps.records.readComparison(id);
    if (record) this.#recorded.set(id, true);
    return record !== null;
  }

  /** A page of past and running comparisons, newest first. */
  async list({
    cursor,
    limit,
  }: {
    cursor?: string | undefined;
    limit: number;
  }): Promise<Page<ComparisonSummary>> {
    const { gateway, records } = this.#deps;
    const after = decodeCursor(cursor);
    const open = await listOpenIfReachable(gateway, 'comparison');
    const unrecorded: ComparisonSummary[] = [];
    for (const workflow of open?.values() ?? []) {
      if (!(await this.isRecorded(workflow.id))) unrecorded.push(summaryOfOpen(workflow));
    }
    return mergedPage({
      kind: 'comparisons',
      after,
      limit,
      index: (options) => records.listComparisons(options),
      unrecorded,
      refresh: (items) => Promise.all(items.map((item) => this.#refresh(item, open))),
      matches: () => true,
    });
  }

  async #state(workflow: DescribedWorkflow, record: ComparisonRecord | null): Promise<ComparisonProgress> {
    const recorded = record?.runId === workflow.runId ? stateOf(record) : null;
    if (recorded?.outcome) return recorded;
    const answer = comparisonProgressSchema.safeParse(await this.#deps.gateway.progress(workflow.id)).data;
    const last = answer ?? recorded ?? { ...nothingKnown, startedAt: workflow.startedAt.toISOString() };
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
  async #complete(
    detail: Omit<ComparisonDetail, 'variants'>,
    variants: readonly VariantState[],
  ): Promise<ComparisonDetail> {
    const complete = variants.map(async (variant) => {
      const running =
        variant.state === 'running' ? await this.#deps.experiments.detail(variant.experimentId) : null;
      return { ...variant, ...activity(running) };
    });
    return { ...detail, variants: await Promise.all(complete) };
  }

  async #specOfInput(workflow: WorkflowView): Promise<ComparisonSpec | null> {
    const input = await this.#deps.gateway.input(workflow);
    const document = typeof input === 'object' && input !== null && 'spec' in input ? input.spec : input;
    return comparisonSchema.safeParse(document).data ?? null;
  }

  async #refresh(
    item: ComparisonSummary,
    open: Map<string, WorkflowView> | null,
  ): Promise<ComparisonSummary> {
    this.#recorded.set(item.id, true);
    if (item.outcome !== null || open === null || open.has(item.id)) return item;
    const detail = await this.detail(item.id);
    return detail ? { ...item, outcome: detail.outcome, endedAt: detail.endedAt } : item;
  }
}

function activity(running: ExperimentDetail | null) {
  return {
    phase: running?.phase ?? null,
    queuePosition: running?.queuePosition ?? null,
    timeline: running?.timeline ?? null,
    operator: running?.operator ?? null,
    progress: running?.progress ?? null,
  };
}

const nothingKnown: ComparisonProgress = {
  outcome: null,
  startedAt: null,
  endedAt: null,
  cancelRequestedAt: null,
  variants: [],
  failure: null,
};

function stateOf(record: ComparisonRecord): ComparisonProgress {
  const { outcome, startedAt, endedAt, cancelRequestedAt, variants, failure } = record;
  return { outcome, startedAt, endedAt, cancelRequestedAt, variants, failure };
}

function lostUnlessClosed(record: ComparisonRecord): Partial<ComparisonProgress> {
  return record.outcome ? {} : { outcome: 'failed', failure: lostWorkflow('closed') };
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
