import type { z } from 'zod';
import { unwrapInput } from '../../contracts/temporal/workflows.ts';
import type { Page, PageOptions } from '../../storage/records.ts';
import { BoundedMap } from '../http/bounded-map.ts';
import { type OpenSightings, type Sighting, sightOpen } from '../sources/sighting.ts';
import type { TemporalGateway, WorkflowKind, WorkflowView } from '../sources/temporal-gateway.ts';
import { decodeCursor, type Listed, mergedPage } from './merged-list.ts';

/** What tells experiments and comparisons apart for their common index. */
export interface WorkIndexOptions<Summary extends Listed, Spec> {
  kind: WorkflowKind;
  gateway: TemporalGateway;
  /** Whether there is a record in storage. */
  hasRecord(id: string): Promise<boolean>;
  /** Pages of the index in storage. */
  page(options: PageOptions): Promise<Page<Summary>>;
  /** One that only Temporal knows so far. */
  summaryOf(workflow: WorkflowView): Summary;
  /** Brings an entry up to date that was written while its workflow ran. */
  refresh(item: Summary, sighting: Sighting<WorkflowView>): Promise<Summary>;
  /** Checks the document that a workflow was started with. */
  specSchema: z.ZodType<Spec>;
}

/** What there is of one kind of work, past and running: in storage, and what only Temporal knows yet. */
export class WorkIndex<Summary extends Listed, Spec> {
  private readonly options: WorkIndexOptions<Summary, Spec>;
  /** Ids with a record; once there, it stays. */
  private readonly recorded = new BoundedMap<string, true>(10_000);

  constructor(options: WorkIndexOptions<Summary, Spec>) {
    this.options = options;
  }

  /** Whether one with that id was ever accepted. */
  async isRecorded(id: string): Promise<boolean> {
    if (this.recorded.get(id)) return true;
    const found = await this.options.hasRecord(id);
    if (found) this.recorded.set(id, true);
    return found;
  }

  /**
   * A page, newest first.
   * @throws HttpProblem 422 for a cursor that is none of ours
   */
  async list({
    cursor,
    limit,
    matches = () => true,
  }: {
    cursor?: string | undefined;
    limit: number;
    matches?: (item: Summary) => boolean;
  }): Promise<Page<Summary>> {
    const { kind, gateway, page } = this.options;
    const after = decodeCursor(cursor);
    const open = await sightOpen(gateway, kind);
    return mergedPage({
      kind: `${kind}s`,
      after,
      limit,
      index: page,
      unrecorded: await this.unrecorded(open),
      refresh: (items) => Promise.all(items.map((item) => this.refresh(item, open))),
      matches,
    });
  }

  /** The document that a workflow was started with; null where it is none of its kind. */
  async specOfInput(workflow: WorkflowView): Promise<Spec | null> {
    const { spec } = unwrapInput(await this.options.gateway.input(workflow));
    return this.options.specSchema.safeParse(spec).data ?? null;
  }

  private async unrecorded(open: OpenSightings): Promise<Summary[]> {
    const summaries: Summary[] = [];
    for (const workflow of open.workflows) {
      if (!(await this.isRecorded(workflow.id))) summaries.push(this.options.summaryOf(workflow));
    }
    return summaries;
  }

  private refresh(item: Summary, open: OpenSightings): Promise<Summary> {
    this.recorded.set(item.id, true);
    return this.options.refresh(item, open.of(item.id));
  }
}
