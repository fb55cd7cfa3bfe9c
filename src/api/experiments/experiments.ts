import type { ExperimentDetail, ExperimentRecord, ExperimentSummary } from '../../contracts/documents/api.ts';
import { experimentProgressSchema, type Outcome, type Phase } from '../../contracts/documents/progress.ts';
import { type Result, resultSchema } from '../../contracts/documents/result.ts';
import { type ExperimentSpec, experimentSchema } from '../../contracts/input/experiment.ts';
import { idPattern } from '../../contracts/input/ids.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { Page, Records } from '../../storage/records.ts';
import { BoundedMap } from '../http/bounded-map.ts';
import { describeIfReachable, listOpenIfReachable } from '../sources/reachable.ts';
import type { DescribedWorkflow, TemporalGateway, WorkflowView } from '../sources/temporal-gateway.ts';
import type { TemporalUi } from '../work/links.ts';
import { decodeCursor, mergedPage } from '../work/merged-list.ts';
import { assembleDetail, mayHaveResult, summaryOfOpen } from './detail.ts';

export interface ExperimentFilter {
  cursor?: string | undefined;
  limit: number;
  technology?: string | undefined;
  target?: string | undefined;
  phase?: Phase | undefined;
  outcome?: Outcome | undefined;
  /** Part of the name, in any case. */
  name?: string | undefined;
  /** Id of a comparison. */
  comparison?: string | undefined;
}

export interface ExperimentsDependencies {
  gateway: TemporalGateway;
  records: Records;
  store: ObjectStore;
  ui: TemporalUi;
}

/** What is known of experiments, from Temporal and storage together. */
export class Experiments {
  readonly #deps: ExperimentsDependencies;
  /** Ids with a record; once there, it stays. */
  readonly #recorded = new BoundedMap<string, true>(10_000);
  /** Records of running workflows by run, which do not change before the end; spares storage while a load runs. */
  readonly #running = new BoundedMap<string, ExperimentRecord>(200);
  /** Runs whose result lies in storage. */
  readonly #withResult = new BoundedMap<string, true>(1_000);

  constructor(deps: ExperimentsDependencies) {
    this.#deps = deps;
  }

  /** Everything known of one experiment; null where there is none with that id. */
  async detail(id: string): Promise<ExperimentDetail | null> {
    if (!idPattern.test(id)) return null;
    const { gateway, ui } = this.#deps;
    const workflow = await describeIfReachable(gateway, id, 'experiment');
    const record = await this.#record(id, workflow);
    if (!record && (workflow === null || workflow === 'unreachable')) return null;
    const asked =
      workflow !== null &&
      workflow !== 'unreachable' &&
      !(record?.phase === 'closed' && record.runId === workflow.runId);
    const progress = asked ? experimentProgressSchema.safeParse(await gateway.progress(id)).data : null;
    const spec = !record && asked ? await this.#specOfInput(workflow) : null;
    const sources = { id, record, workflow, progress: progress ?? null, spec, hasResult: false };
    const detail = assembleDetail(sources, ui);
    const hasResult = await this.#hasResult(detail, record);
    return hasResult ? assembleDetail({ ...sources, hasResult }, ui) : detail;
  }

  /** Whether an experiment with that id was ever accepted. */
  async isRecorded(id: string): Promise<boolean> {
    if (this.#recorded.get(id)) return true;
    const record = await this.#deps.records.readExperiment(id);
    if (record) this.#recorded.set(id, true);
    return record !== null;
  }

  /** A page of past and running experiments, newest first. */
  async list(filter: ExperimentFilter): Promise<Page<ExperimentSummary>> {
    const { gateway, records } = this.#deps;
    const after = decodeCursor(filter.cursor);
    const open = await listOpenIfReachable(gateway, 'experiment');
    const unrecorded: ExperimentSummary[] = [];
    for (const workflow of open?.values() ?? []) {
      if (!(await this.isRecorded(workflow.id))) unrecorded.push(summaryOfOpen(workflow));
    }
    return mergedPage({
      kind: 'experiments',
      after,
      limit: filter.limit,
      index: (options) => records.listExperiments(options),
      unrecorded,
      refresh: (items) => Promise.all(items.map((item) => this.#refresh(item, open))),
      matches: (item) => matches(item, filter),
    });
  }

  /** The result document of the latest run; null until there is one. */
  async resultOf({ id, runId }: ExperimentDetail): Promise<Result | null> {
    const json = await this.#deps.store.getJson(s3Keys.result(id, runId));
    return json ? resultSchema.parse(json) : null;
  }

  /** The series of the latest run as newline-delimited JSON; null until there is one. */
  timeseriesOf({ id, runId }: ExperimentDetail): Promise<string | null> {
    return this.#deps.store.getText(s3Keys.timeseries(id, runId));
  }

  async #record(
    id: string,
    workflow: DescribedWorkflow | null | 'unreachable',
  ): Promise<ExperimentRecord | null> {
    const runId =
      workflow && workflow !== 'unreachable' && workflow.status === 'running' ? workflow.runId : null;
    const known = runId && this.#running.get(runId);
    if (known) return known;
    const record = await this.#deps.records.readExperiment(id);
    if (record && record.runId === runId) this.#running.set(runId, record);
    return record;
  }

  async #specOfInput(workflow: WorkflowView): Promise<ExperimentSpec | null> {
    const input = await this.#deps.gateway.input(workflow);
    // A person who starts one by hand may give the document itself, without the wrapper.
    const document = typeof input === 'object' && input !== null && 'spec' in input ? input.spec : input;
    return experimentSchema.safeParse(document).data ?? null;
  }

  async #hasResult(detail: ExperimentDetail, record: ExperimentRecord | null): Promise<boolean> {
    const { id, runId } = detail;
    if (record?.runId === runId && record.phase === 'closed') return record.hasResult;
    if (!mayHaveResult(detail.phase)) return false;
    if (this.#withResult.get(runId)) return true;
    const found = await this.#deps.store.list(s3Keys.result(id, runId), { limit: 1 });
    if (found.length > 0) this.#withResult.set(runId, true);
    return found.length > 0;
  }

  /** An index entry is written at the start and at the close; what lies between, and a violent end, Temporal knows. */
  async #refresh(
    item: ExperimentSummary,
    open: Map<string, WorkflowView> | null,
  ): Promise<ExperimentSummary> {
    this.#recorded.set(item.id, true);
    if (item.phase === 'closed' || open === null) return item;
    const workflow = open.get(item.id);
    if (workflow) return { ...item, phase: summaryOfOpen(workflow).phase };
    const detail = await this.detail(item.id);
    if (!detail) return item;
    const { phase, outcome, startedAt, endedAt } = detail;
    return { ...item, phase, outcome, startedAt, endedAt };
  }
}

function matches(item: ExperimentSummary, filter: ExperimentFilter): boolean {
  const wanted: [string | null, string | undefined][] = [
    [item.technology, filter.technology],
    [item.target, filter.target],
    [item.phase, filter.phase],
    [item.outcome, filter.outcome],
    [item.comparisonId, filter.comparison],
  ];
  return (
    wanted.every(([value, want]) => want === undefined || value === want) &&
    (filter.name === undefined || item.name.toLowerCase().includes(filter.name.toLowerCase()))
  );
}
