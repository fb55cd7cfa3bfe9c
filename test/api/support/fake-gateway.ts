import {
  type DescribedWorkflow,
  type StartRequest,
  type TemporalGateway,
  TemporalUnavailable,
  type WorkflowKind,
} from '../../../src/api/sources/temporal-gateway.ts';

interface FakeWorkflow {
  view: DescribedWorkflow;
  input: unknown;
  /** Answer of its `progress` query; null while no worker answers. */
  progress: unknown;
  /** Whether a retry of its destroy would be taken. */
  waitsForRetry: boolean;
  /** Until when it is kept, in ms since 1970; null where it is not. */
  keptUntilMs: number | null;
}

/** Temporal in memory: whoever tests says what its workflows do. */
export class FakeGateway implements TemporalGateway {
  readonly workflows = new Map<string, FakeWorkflow>();
  readonly starts: StartRequest[] = [];
  readonly signals: { id: string; reason: string | null; by?: string }[] = [];
  readonly retries: { id: string; breakLock: string | null }[] = [];
  queueAnswer: unknown = null;
  nextReapAt: Date | null = null;
  namespace = 'ns-1';
  /** Whether lists, unlike descriptions, know of nothing new yet. */
  listsLagBehind = false;
  /** Whether the server answers at all. */
  away = false;
  describes = 0;

  async start(request: StartRequest): Promise<'started' | 'exists'> {
    this.demand();
    await new Promise(setImmediate);
    if (this.workflows.has(request.id)) return 'exists';
    this.starts.push(request);
    this.add(request.id, {
      type: request.kind,
      name: request.name,
      technology: request.attributes?.technology ?? null,
      target: request.attributes?.target ?? null,
      phase: 'queued',
    }).input = request.input;
    return 'started';
  }

  /** Puts a workflow there; by default a running experiment that answers nothing. */
  add(id: string, view: Partial<DescribedWorkflow> = {}): FakeWorkflow {
    const workflow: FakeWorkflow = {
      view: {
        id,
        runId: `run-of-${id}`,
        type: 'experiment',
        status: 'running',
        startedAt: new Date('2026-11-24T12:00:00.000Z'),
        closedAt: null,
        technology: 'kafka',
        target: 'local',
        phase: 'queued',
        outcome: null,
        name: null,
        parentId: null,
        live: null,
        terraform: null,
        pending: { activities: [], task: null, paused: null },
        ...view,
      },
      input: undefined,
      progress: null,
      waitsForRetry: false,
      keptUntilMs: null,
    };
    this.workflows.set(id, workflow);
    return workflow;
  }

  async describe(id: string) {
    this.demand();
    this.describes += 1;
    return this.workflows.get(id)?.view ?? null;
  }

  async progress(id: string) {
    return this.away ? null : (this.workflows.get(id)?.progress ?? null);
  }

  async queue() {
    this.demand();
    return this.queueAnswer;
  }

  async input({ id }: { id: string }) {
    this.demand();
    return this.workflows.get(id)?.input;
  }

  async cancel(id: string, reason: string | null, by: string | null = null) {
    this.demand();
    if (this.workflows.get(id)?.view.status !== 'running') return false;
    this.signals.push({ id, reason, ...(by && { by }) });
    return true;
  }

  async retryDestroy(id: string, breakLock: string | null) {
    this.demand();
    if (!this.workflows.get(id)?.waitsForRetry) {
      return { accepted: false as const, reason: 'nothing waits for a retry: the experiment is measuring' };
    }
    this.retries.push({ id, breakLock });
    return { accepted: true as const, value: { accepted: true } };
  }

  async extend(id: string, minutes: number) {
    this.demand();
    const workflow = this.workflows.get(id);
    if (!workflow || workflow.keptUntilMs === null) {
      return { accepted: false as const, reason: 'nothing is kept: the experiment is measuring' };
    }
    workflow.keptUntilMs += minutes * 60_000;
    return { accepted: true as const, value: { keptUntil: new Date(workflow.keptUntilMs).toISOString() } };
  }

  async forget(id: string) {
    this.demand();
    // A closed one is deleted in the server's own time, which may be long.
    return this.workflows.get(id)?.view.status !== 'running';
  }

  async reap(_id: string, dryRun: boolean) {
    this.demand();
    return { dryRun, orphans: [] };
  }

  async nextReap() {
    this.demand();
    return this.nextReapAt;
  }

  async listOpen(kind: WorkflowKind) {
    this.demand();
    if (this.listsLagBehind) return [];
    return [...this.workflows.values()]
      .map(({ view }) => view)
      .filter((view) => view.type === kind && view.status === 'running');
  }

  async listChanged(kind: WorkflowKind) {
    this.demand();
    if (this.listsLagBehind) return [];
    return [...this.workflows.values()].map(({ view }) => view).filter((view) => view.type === kind);
  }

  async listSuspects(limit: number) {
    this.demand();
    return [...this.workflows.values()]
      .map(({ view }) => view)
      .filter(({ status }) => status === 'running')
      .slice(0, limit);
  }

  async namespaceId() {
    this.demand();
    return this.namespace;
  }

  async check() {
    this.demand();
  }

  private demand(): void {
    if (this.away) throw new TemporalUnavailable('Temporal does not answer: away');
  }
}
