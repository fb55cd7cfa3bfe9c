import { Gauge, type Registry } from 'prom-client';
import { phases } from '../../contracts/documents/phases.ts';
import { queueSchema } from '../../contracts/documents/progress.ts';
import type { RouteContext } from '../context.ts';
import { readOrphans } from '../sources/orphans.ts';
import { type ActiveFigures, ActiveWork } from './active-work.ts';

/** Targets whose experiments wait in a queue of their own. */
const queues = ['local'];

/**
 * Metrics of the work that there is, looked at when asked for. What Temporal or storage does not tell has no sample, as
 * against a reassuring 0. Every process of the API tells the same: take the greatest, not the sum.
 */
export function registerWorkMetrics(
  registry: Registry,
  context: Pick<RouteContext, 'experiments' | 'openWaits' | 'store' | 'gateway' | 'now'>,
): void {
  const { experiments, openWaits } = context;
  gauge(registry, 'comparator_experiments_open', 'Experiments that have not closed, by phase', {
    labels: ['phase'],
    async samples() {
      const open = await experiments.open();
      if (open === null) return [];
      const counts = Map.groupBy(open, ({ phase }) => phase);
      return phases
        .filter((phase) => phase !== 'closed')
        .map((phase) => [{ phase }, counts.get(phase)?.length ?? 0]);
    },
  });
  gauge(registry, 'comparator_experiments_closed', 'Experiments that have closed and are kept, by outcome', {
    labels: ['outcome'],
    async samples() {
      return [...(await experiments.closedByOutcome())].map(([outcome, count]) => [{ outcome }, count]);
    },
  });
  gauge(
    registry,
    'comparator_workflow_tasks_failing',
    'Open workflows whose code fails, so that nothing of them goes on; of at most 100 that were looked at',
    { samples: async () => [[{}, (await openWaits.failing()).length]] },
  );
  registerQueues(registry, context);
  registerReaper(registry, context);
  registerActive(registry, new ActiveWork(experiments, context.now));
}

function registerQueues(registry: Registry, { gateway, now }: Pick<RouteContext, 'gateway' | 'now'>): void {
  const ofEach = (figure: (queue: ReturnType<typeof queueSchema.parse>) => number) => ({
    labels: ['target'],
    samples: async (): Promise<Sample[]> => {
      const answers = await Promise.all(queues.map((target) => gateway.queue(target)));
      return answers.flatMap((answer, index): Sample[] => {
        const empty = { target: queues[index], capacity: 1, running: [], waiting: [] };
        const queue = queueSchema.safeParse(answer ?? empty).data;
        return queue ? [[{ target: queue.target }, figure(queue)]] : [];
      });
    },
  });
  const oldest = (waiting: { since: string }[]) =>
    Math.max(0, ...waiting.map(({ since }) => (now().getTime() - Date.parse(since)) / 1_000));
  gauge(
    registry,
    'comparator_queue_waiting',
    'Experiments that wait for their turn',
    ofEach(({ waiting }) => waiting.length),
  );
  gauge(
    registry,
    'comparator_queue_running',
    'Experiments that hold a slot',
    ofEach(({ running }) => running.length),
  );
  gauge(
    registry,
    'comparator_queue_oldest_wait_seconds',
    'For how long the one that has waited longest has',
    ofEach((queue) => oldest(queue.waiting)),
  );
}

function registerReaper(registry: Registry, { store }: Pick<RouteContext, 'store'>): void {
  gauge(
    registry,
    'comparator_orphans',
    'Experiments of which something is left that the reaper could not destroy at its last look',
    { samples: async () => [[{}, (await readOrphans(store))?.orphans.length ?? 0]] },
  );
  gauge(
    registry,
    'comparator_reaper_last_look_timestamp_seconds',
    'When the reaper last looked; 0 before its first look',
    {
      samples: async () => {
        const report = await readOrphans(store);
        return [[{}, report ? Date.parse(report.checkedAt) / 1_000 : 0]];
      },
    },
  );
}

function registerActive(registry: Registry, active: ActiveWork): void {
  const figure = (name: string, help: string, of: (figures: ActiveFigures) => number) =>
    gauge(registry, name, help, {
      async samples() {
        const figures = await active.figures();
        return figures ? [[{}, of(figures)]] : [];
      },
    });
  figure(
    'comparator_needs_operator_seconds',
    'For how long the experiment that has waited longest for a person has; 0 where none does',
    ({ needsOperatorSeconds }) => needsOperatorSeconds,
  );
  figure(
    'comparator_experiments_overdue',
    'Experiments that left the queue longer ago than twice what they were expected to take, and an hour; of at most 100',
    ({ overdue }) => overdue,
  );
  figure(
    'comparator_experiment_overdue_seconds',
    'By how much the experiment that is latest is past its time; 0 where none is',
    ({ overdueSeconds }) => overdueSeconds,
  );
  gauge(
    registry,
    'comparator_load_messages_per_second',
    'Messages in the last second, over all loads that run',
    {
      labels: ['side'],
      async samples() {
        const figures = await active.figures();
        return Object.entries(figures?.rates ?? {}).map(([side, rate]) => [{ side }, rate]);
      },
    },
  );
}

type Sample = [labels: Record<string, string>, value: number];

/** A gauge whose samples are looked at when it is asked for; without any where that fails. */
function gauge(
  registry: Registry,
  name: string,
  help: string,
  { labels = [], samples }: { labels?: string[]; samples: () => Promise<Sample[]> },
): void {
  new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      const found = await samples().catch((): Sample[] => []);
      this.reset();
      // Without labels, a reset leaves a 0.
      if (labels.length === 0) this.remove();
      for (const [values, value] of found) this.set(values, value);
    },
  });
}
