import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'hono';
import type { FieldError } from '../../contracts/input/problem.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { EventStreams } from '../http/event-stream.ts';
import { HttpProblem } from '../http/problems.ts';
import type { SharedPoller } from '../http/shared-poller.ts';
import type { StartRequest, TemporalGateway, WorkflowKind } from '../sources/temporal-gateway.ts';
import { submit } from './submit.ts';

/** Time that one which has closed is given to end. */
const longestEndMs = 5_000;

/** What the API answers of one experiment or comparison. */
export interface WorkDetail {
  id: string;
  spec: unknown;
  links: { self: string };
}

/** Experiments or comparisons, as the calls that both have in common need them. */
export interface WorkService<Detail extends WorkDetail> {
  readonly kind: WorkflowKind;
  /** null where there is none with that id. */
  detail(id: string): Promise<Detail | null>;
  isClosed(detail: Detail): boolean;
  /** Links of one that has only just been accepted. */
  linksOf(id: string): Detail['links'];
  isRecorded(id: string): Promise<boolean>;
  /** It was started. */
  noteStart(id: string): void;
  /**
   * Removes one that is closed, with all that was kept of it.
   * @throws HttpProblem 409 while something of it may be alive
   */
  remove(detail: Detail): Promise<void>;
}

export interface WorkCallsDependencies<Detail> {
  gateway: TemporalGateway;
  store: ObjectStore;
  newId: () => string;
  events: SharedPoller<Detail>;
  eventStreams: EventStreams;
}

/** What experiments and comparisons can be asked for alike. */
export class WorkCalls<Detail extends WorkDetail> {
  private readonly service: WorkService<Detail>;
  private readonly deps: WorkCallsDependencies<Detail>;

  constructor(service: WorkService<Detail>, deps: WorkCallsDependencies<Detail>) {
    this.service = service;
    this.deps = deps;
  }

  /** @throws HttpProblem 404 */
  async find(id: string): Promise<Detail> {
    const detail = await this.service.detail(id);
    if (detail) return detail;
    throw new HttpProblem(404, `There is no ${this.service.kind} ${JSON.stringify(id.slice(0, 100))}.`);
  }

  /**
   * Starts one, or finds the one that the same `Idempotency-Key` and body started before.
   * @param body the document as the client sent it
   * @param obstacles why it cannot be started on this machine
   * @throws HttpProblem 422 where there are any
   */
  async start(
    c: Context,
    request: Pick<StartRequest, 'input' | 'name' | 'attributes'>,
    body: unknown,
    obstacles: () => FieldError[],
  ): Promise<Pick<Detail, 'id' | 'links'>> {
    const { gateway, store, newId } = this.deps;
    const { id, replayed } = await submit(
      {
        gateway,
        store,
        newId,
        isRecorded: (known) => this.service.isRecorded(known),
        exists: async (known) => (await this.service.detail(known)) !== null || (await this.isAway()),
      },
      {
        request: { kind: this.service.kind, ...request },
        idempotencyKey: c.req.header('idempotency-key'),
        body,
        obstacles,
      },
    );
    this.service.noteStart(id);
    const links = this.service.linksOf(id);
    c.header('Location', links.self);
    if (replayed) c.header('Idempotency-Replayed', 'true');
    return { id, links };
  }

  private async isAway(): Promise<boolean> {
    return await this.deps.gateway.check().then(
      () => false,
      () => true,
    );
  }

  /** @throws HttpProblem 404, or 409 once it is closed */
  async cancel(c: Context, id: string, reason: string | null): Promise<Pick<Detail, 'id' | 'links'>> {
    const detail = await this.find(id);
    if (
      this.service.isClosed(detail) ||
      !(await this.deps.gateway.cancel(detail.id, reason, c.get('caller')?.name ?? null))
    ) {
      const { kind } = this.service;
      const noun = kind.charAt(0).toUpperCase() + kind.slice(1);
      throw new HttpProblem(409, `${noun} ${detail.id} is closed; there is nothing to cancel.`);
    }
    return { id: detail.id, links: detail.links };
  }

  /** @throws HttpProblem 404, or 409 while it is open or something of it may be alive */
  async remove(id: string): Promise<void> {
    const detail = await this.findClosed(id);
    await this.untilEnded(detail.id);
    await this.service.remove(detail);
  }

  /** One that has only just closed still writes its record down; whoever was told of it may delete it at once. */
  private async untilEnded(id: string): Promise<void> {
    const untilMs = performance.now() + longestEndMs;
    const isRunning = async () => (await this.deps.gateway.describe(id))?.status === 'running';
    while ((await isRunning()) && performance.now() < untilMs) await delay(100);
  }

  /** @throws HttpProblem 404, or 409 while it is open */
  async findClosed(id: string): Promise<Detail> {
    const detail = await this.find(id);
    if (this.service.isClosed(detail)) return detail;
    const { kind } = this.service;
    throw new HttpProblem(409, `The ${kind} ${detail.id} is open; cancel it, and wait until it is closed.`);
  }

  /** @throws HttpProblem 404, or 503 where there are too many streams */
  async events(c: Context, id: string): Promise<Response> {
    const detail = await this.find(id);
    return this.deps.eventStreams.answer(c, this.deps.events, detail.id);
  }
}

/** As a workflow's input says who has started it; nothing where the service asks for no key. */
export function submitterOf(c: Context): { submittedBy?: string } {
  const caller = c.get('caller');
  return caller ? { submittedBy: caller.name } : {};
}
