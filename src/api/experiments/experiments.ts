import {
  type ExperimentDetail,
  type ExperimentLinks,
  type ExperimentRecord,
  type ExperimentSummary,
  experimentSummarySchema,
} from '../../contracts/documents/api.ts';
import {
  type ExperimentProgress,
  experimentProgressSchema,
  type Outcome,
  type Phase,
} from '../../contracts/documents/progress.ts';
import { type Result, resultSchema } from '../../contracts/documents/result.ts';
import { type ExperimentSpec, experimentSchema } from '../../contracts/input/experiment.ts';
import { idPattern } from '../../contracts/input/ids.ts';
import { parseJson } from '../../contracts/input/text/json-syntax.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { orUnreadable, type Records, unreadable } from '../../storage/records.ts';
import { removeStored, wasRemoved } from '../../storage/removal.ts';
import { phaseOf } from '../common/closing.ts';
import { experimentLinks, type TemporalUi } from '../common/links.ts';
import { Lists, type ListsPlace } from '../common/lists.ts';
import type { Facets, Page } from '../common/summary-table.ts';
import type { WorkService } from '../common/work-calls.ts';
import { type ListAges, WorkIndex } from '../common/work-index.ts';
import { BoundedMap } from '../http/bounded-map.ts';
import { HttpProblem } from '../http/problems.ts';
import { QueuePositions } from '../sources/queue-positions.ts';
import { type Sighting, sight } from '../sources/sighting.ts';
import type { TemporalGateway, WorkflowView } from '../sources/temporal-gateway.ts';
import { waitingOf, waitsForTurn } from '../sources/waits.ts';
import {
  assembleDetail,
  type ExperimentSources,
  mayHaveResult,
  runOfDocuments,
  summaryByWorkflow,
} from './detail.ts';
import { obstacleToRemoval } from './obstacle-to-removal.ts';

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
  open?: 'true' | 'false' | undefined;
}

export interface ExperimentsDependencies {
  gateway: TemporalGateway;
  records: Records;
  store: ObjectStore;
  ui: TemporalUi;
  now: () => Date;
  ages: ListAges;
  lists: ListsPlace;
}

/** What is known of experiments, from Temporal and storage together. */
export class Experiments implements WorkService<ExperimentDetail> {
  readonly kind = 'experiment';
  private readonly deps: ExperimentsDependencies;
  private readonly index: WorkIndex<ExperimentSummary, ExperimentSpec>;
  /** Records of running workflows by run; spares storage while a load runs. They change where one waits for a person. */
  private readonly running = new BoundedMap<string, ExperimentRecord>(200);
  private readonly positions: QueuePositions;
  /** Runs whose result lies in storage. */
  private readonly withResult = new BoundedMap<string, true>(1_000);

  constructor(deps: ExperimentsDependencies) {
    this.deps = deps;
    this.positions = new QueuePositions(deps.gateway, deps.now);
    const { gateway, records } = deps;
    this.index = new WorkIndex({
      kind: 'experiment',
      gateway,
      lists: new Lists(deps.lists, { kind: 'experiment', schema: experimentSummarySchema, facetsOf }),
      stored: records.experimentIndex,
      summaryOf: summaryByWorkflow,
      current: async (id) => {
        const detail = await this.detail(id);
        return detail && experimentSummarySchema.parse(detail);
      },
      specSchema: experimentSchema,
      ages: deps.ages,
    });
  }

  /** Everything known of one experiment; null where there is none with that id. */
  async detail(id: string): Promise<ExperimentDetail | null> {
    if (!idPattern.test(id)) return null;
    const { gateway, ui } = this.deps;
    const now = this.deps.now();
    const sighting = await sight(gateway, id, 'experiment');
    const { record, unreadable: unread } = await orUnreadable(this.record(id, sighting));
    if (!record && unread === null) {
      if (sighting.kind !== 'seen') return null;
      const ended = sighting.workflow.status !== 'running';
      if (ended && (await wasRemoved(this.deps.store, 'experiments', id))) return null;
    }
    let progress: ExperimentProgress | null = null;
    let given: Pick<ExperimentSources, 'spec' | 'submittedBy'> = { spec: null, submittedBy: null };
    if (sighting.kind === 'seen' && !isClosedRunOf(record, sighting.workflow)) {
      progress = experimentProgressSchema.safeParse(await gateway.progress(id)).data ?? null;
      if (!record) given = await this.index.given(sighting.workflow);
    }
    const sources = { id, record, unreadable: unread, sighting, progress, ...given, hasResult: false };
    const detail = assembleDetail(sources, ui, now);
    const hasResult = await this.hasResult(detail, record);
    const known = hasResult ? assembleDetail({ ...sources, hasResult }, ui, now) : detail;
    if (known.phase !== 'queued') return { ...known, queuePosition: null };
    const { position, stuck } = await this.positions.of(known.target, id);
    const queued = { ...known, queuePosition: position };
    return { ...queued, ...waitingOf([...known.waits, ...waitsForTurn(queued, stuck)]) };
  }

  isClosed({ phase }: ExperimentDetail): boolean {
    return phase === 'closed';
  }

  linksOf(id: string): ExperimentLinks {
    return experimentLinks(id, {}, this.deps.ui);
  }

  /** Whether an experiment with that id was ever accepted. */
  async isRecorded(id: string): Promise<boolean> {
    return (await this.deps.records.readExperiment(id).catch(unreadable)) !== null;
  }

  /** Reads all lists before anybody asks for one. */
  readAhead(signal: AbortSignal): Promise<void> {
    return this.index.readAhead(signal);
  }

  /** One was started: the next list has it. */
  noteStart(id: string): void {
    this.index.started(id);
  }

  /** How many have closed and are kept, by outcome. */
  closedByOutcome(): Promise<Map<string, number>> {
    return this.index.closedByOutcome();
  }

  /** All that are open; null where Temporal does not answer. */
  open(): Promise<ExperimentSummary[] | null> {
    return this.index.open();
  }

  /** A page of past and running experiments, newest first. */
  list({ cursor, limit, open, ...filter }: ExperimentFilter): Promise<Page<ExperimentSummary>> {
    return this.index.list({ cursor, limit, filter: { ...filter, open: open && open === 'true' } });
  }

  /**
   * The result document; null until there is one.
   * @throws HttpProblem 409 where it cannot be read
   */
  async resultOf(detail: ExperimentDetail): Promise<Result | null> {
    const key = s3Keys.result(detail.id, runOfDocuments(detail));
    const text = await this.deps.store.getText(key);
    if (text === null) return null;
    const read = parseJson(text);
    const result = resultSchema.safeParse(read.ok ? read.value : null);
    if (result.success) return result.data;
    throw new HttpProblem(
      409,
      `The result ${key} cannot be read by this release: a later one has written it, or it was damaged.`,
    );
  }

  /** The series as newline-delimited JSON; null until there is one. */
  timeseriesOf(detail: ExperimentDetail): Promise<string | null> {
    return this.deps.store.getText(s3Keys.timeseries(detail.id, runOfDocuments(detail)));
  }

  /**
   * @throws HttpProblem 409 while something of it may be alive, or its comparison is open
   */
  async demandDead(detail: ExperimentDetail): Promise<void> {
    const obstacle = await obstacleToRemoval(this.deps, detail);
    if (obstacle) throw new HttpProblem(409, `Experiment ${detail.id} cannot be deleted: ${obstacle}.`);
  }

  /** @throws HttpProblem 409 while something of it may be alive */
  async remove(detail: ExperimentDetail): Promise<void> {
    await this.demandDead(detail);
    const { gateway, store } = this.deps;
    if (!(await gateway.forget(detail.id))) {
      throw new HttpProblem(409, `Experiment ${detail.id} cannot be deleted: it was started again.`);
    }
    await removeStored(store, 'experiments', detail.id);
    this.index.forget(detail.id);
  }

  /** Closed ones that ended before then. */
  async endedBefore(instant: Date): Promise<string[]> {
    return await this.index.endedBefore(instant);
  }

  private async record(id: string, sighting: Sighting): Promise<ExperimentRecord | null> {
    const running =
      sighting.kind === 'seen' && sighting.workflow.status === 'running' ? sighting.workflow : null;
    const runId = running?.runId ?? null;
    const waitsForPerson = running !== null && phaseOf(running) === 'needs-operator';
    const known = runId && !waitsForPerson && this.running.get(runId);
    if (known) return known;
    const record = await this.deps.records.readExperiment(id);
    if (record && record.runId === runId) this.running.set(runId, record);
    return record;
  }

  private async hasResult(detail: ExperimentDetail, record: ExperimentRecord | null): Promise<boolean> {
    const { id, runId, resultKey } = detail;
    if (resultKey !== undefined) return resultKey !== null;
    if (record?.runId === runId && record.phase === 'closed') return record.hasResult;
    if (!mayHaveResult(detail.phase)) return false;
    if (this.withResult.get(runId)) return true;
    const found = await this.deps.store.list(s3Keys.result(id, runId), { limit: 1 });
    if (found.length > 0) this.withResult.set(runId, true);
    return found.length > 0;
  }
}

/** Whether a record says all that there is to say of a workflow. */
function isClosedRunOf(record: ExperimentRecord | null, workflow: WorkflowView): boolean {
  return record?.phase === 'closed' && record.runId === workflow.runId;
}

function facetsOf(item: ExperimentSummary): Facets {
  const { technology, target, phase, outcome, comparisonId: comparison, name } = item;
  const state = phase === 'closed' ? 'closed' : phase === 'queued' ? 'waiting' : 'active';
  return { state, technology, target, phase, outcome, comparison, name };
}
