import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createRecordActivities } from '../../../activities/control/records.ts';
import { nextOfLoad } from '../../../activities/control/search/ladder.ts';
import { createSlotActivities } from '../../../activities/control/slots.ts';
import type { ComparisonRecord, ExperimentRecord } from '../../../src/contracts/documents/api.ts';
import type { Failure } from '../../../src/contracts/documents/progress.ts';
import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import {
  type AssembleResultInput,
  type ControlActivities,
  type ExperimentLimits,
  type FoundExperiments,
  failureTypes,
} from '../../../src/contracts/temporal/control-activities.ts';
import type {
  DestroyInput,
  InfrastructureActivities,
  InfrastructureRef,
} from '../../../src/contracts/temporal/infrastructure-activities.ts';
import type {
  LoadGeneratorActivities,
  LoadPartRef,
} from '../../../src/contracts/temporal/loadgen-activities.ts';
import { loadGeneratorTaskQueue } from '../../../src/contracts/temporal/names.ts';
import { UnreadableRecordError } from '../../../src/storage/records.ts';

export const spec: ExperimentSpec = {
  name: 'a test',
  technology: 'kafka',
  target: 'local',
  settings: {},
  workload: {
    messageSizeBytes: 100,
    load: { shape: 'constant', messagesPerSecond: 10 },
    producers: 1,
    consumers: 1,
    generators: 1,
    keys: { distribution: 'none' },
    payload: { content: 'random' },
    warmupSeconds: 0,
    durationSeconds: 2,
    drainTimeoutSeconds: 1,
  },
  requirements: [],
};

/** An experiment that searches for the highest rate that is sustained. */
export const searchSpec: ExperimentSpec = {
  ...spec,
  workload: {
    ...spec.workload,
    load: {
      shape: 'capacity-search',
      startMessagesPerSecond: 1_000,
      maxMessagesPerSecond: 1_000_000,
      probeSeconds: 2,
      resolutionPercent: 20,
    },
  },
};

/** An experiment with several load generators, one of which only produces. */
export const spreadSpec: ExperimentSpec = {
  ...spec,
  workload: { ...spec.workload, producers: 3, consumers: 2, generators: 3 },
};

export type Step = 'provision' | 'open' | 'produce' | 'consume' | 'upload' | 'destroy' | 'quiet';

/**
 * Infrastructure and load generators that exist only as a set of names: what is "alive" here is what a real world would
 * have to destroy. Each step calls its hook first, which may throw or wait.
 */
export class FakeWorld {
  readonly alive = new Set<string>();
  /** Those of what is alive that run; the rest only lies about. */
  readonly processes = new Set<string>();
  readonly owners = new Map<string, string>();
  readonly experiments = new Map<string, ExperimentRecord>();
  /** Of what it cannot be told whose things are there. */
  unlisted: FoundExperiments['unlisted'] = [];
  /** Those whose time is over, by the tag that says until when. */
  expired: string[] = [];
  /** Ids whose record is there, and can never be read. */
  readonly unreadable = new Set<string>();
  /** What is there of an experiment, where its record does not tell. */
  identified: ExperimentSpec | null = null;
  readonly comparisons = new Map<string, ComparisonRecord>();
  readonly results: (AssembleResultInput & { runId: string })[] = [];
  readonly steps: string[] = [];
  readonly destroyInputs: DestroyInput[] = [];
  /** How far experiments go, where that is not as usual. */
  limits: Partial<ExperimentLimits> | undefined;
  /** The home that accepts experiments; null without queues of homes. */
  home: string | null = null;
  /** Events after which the run queue goes on as new; the usual ones by default. */
  longQueueEvents: number | null = null;
  /** The highest rate that the fake product sustains. */
  limitMessagesPerSecond = Number.POSITIVE_INFINITY;
  /** What the result shows to have failed though the load ran to its end. */
  measuredFailure: Failure | null = null;
  /** Runs before a step of an experiment; the count is how often that step has run, from 1. */
  hook: (step: Step, count: number, experimentId: string) => Promise<void> | void = () => {};
  private readonly loadGenerators = new Map<string, { worker: Worker; ended: Promise<void> }[]>();
  private readonly counts = new Map<string, number>();
  private readonly environment: TestWorkflowEnvironment;

  constructor(environment: TestWorkflowEnvironment) {
    this.environment = environment;
  }

  activities(): ControlActivities & InfrastructureActivities {
    const infrastructure = this.infrastructure();
    const recording = this.recording();
    return {
      ...recording,
      acceptExperiment: async (input) => ({
        ...(await recording.acceptExperiment(input)),
        ...(this.limits ? { limits: this.limits } : {}),
      }),
      ...createSlotActivities({
        client: this.environment.client as Client,
        records: { readExperiment: (id) => this.readExperiment(id) },
        identify: async () => this.identified,
        findExperiments: async () => ({ ids: [...this.alive], unlisted: this.unlisted }),
        inventory: infrastructure.inventory,
        ...(this.longQueueEvents ? { longHistoryEvents: this.longQueueEvents } : {}),
      }),
      awaitQuiet: async ({ experimentId }) => this.step('quiet', experimentId),
      assembleResult: async (input) => {
        await this.step('upload', input.experimentId);
        const runId = Context.current().info.workflowExecution?.runId ?? '';
        this.results.push({ ...input, runId });
        const failure = this.measuredFailure;
        return { resultKey: `result of ${runId}`, summary: null, ...(failure ? { failure } : {}) };
      },
      judgeProbe: async ({ spec, messagesPerSecond, seconds, hold, rung, session, earlier }) => {
        const sustained = messagesPerSecond <= this.limitMessagesPerSecond;
        const probe = {
          messagesPerSecond,
          seconds,
          hold,
          sustained,
          reason: sustained ? 'sustained' : 'beyond the limit of the fake product',
          producedMessagesPerSecond: Math.min(messagesPerSecond, this.limitMessagesPerSecond),
          consumedMessagesPerSecond: Math.min(messagesPerSecond, this.limitMessagesPerSecond),
          backlogGrowthPerSecond: 0,
          endToEndP99Ms: null,
          limited: false,
          ...(rung ? { rung } : {}),
          session,
        };
        const next = nextOfLoad(spec.workload.load, [...earlier, probe]);
        return next ? { ...probe, next } : probe;
      },
      ...infrastructure,
    };
  }

  private async readExperiment(id: string): Promise<ExperimentRecord | null> {
    if (this.unreadable.has(id)) throw new UnreadableRecordError(id, new Error('it is {}'));
    return this.experiments.get(id) ?? null;
  }

  private recording() {
    return createRecordActivities({
      home: this.home,
      records: {
        addExperiment: async (record) => {
          if (this.experiments.has(record.id)) return false;
          this.experiments.set(record.id, structuredClone(record));
          return true;
        },
        saveExperiment: async (record) => void this.experiments.set(record.id, structuredClone(record)),
        readExperiment: (id) => this.readExperiment(id),
        addComparison: async (record) => {
          if (this.comparisons.has(record.id)) return false;
          this.comparisons.set(record.id, structuredClone(record));
          return true;
        },
        saveComparison: async (record) => void this.comparisons.set(record.id, structuredClone(record)),
        readComparison: async (id) => this.comparisons.get(id) ?? null,
      },
    });
  }

  private infrastructure(): InfrastructureActivities {
    return {
      provision: async ({ experimentId, runId, spec }: InfrastructureRef) => {
        const { generators } = spec.workload;
        this.alive.add(experimentId);
        this.processes.add(experimentId);
        await this.step('provision', experimentId);
        await this.killLoadGenerator(experimentId);
        this.owners.set(experimentId, runId);
        for (let generator = 0; generator < generators; generator++) {
          await this.startLoadGenerator(experimentId, generator);
        }
        return {
          endpoint: {},
          generators,
          terraform: { version: '1.11.4', providers: {} },
          product: { name: 'fake', version: '1' },
        };
      },
      ownsInfrastructure: async ({ experimentId, runId }) => this.owners.get(experimentId) === runId,
      destroy: async (input) => {
        this.destroyInputs.push(input);
        await this.step('destroy', input.experimentId);
        await this.killLoadGenerator(input.experimentId);
        this.alive.delete(input.experimentId);
        this.owners.delete(input.experimentId);
      },
      inventory: async ({ experimentId }) =>
        this.alive.has(experimentId)
          ? [
              {
                kind: this.processes.has(experimentId) ? 'process' : 'folder',
                name: '1',
                description: 'a fake broker',
              },
            ]
          : [],
    };
  }

  private async startLoadGenerator(experimentId: string, generator: number): Promise<void> {
    const part = (kind: string, partial: boolean): LoadPartRef => ({
      partKey: `${experimentId} ${generator} ${kind}`,
      partial,
    });
    const activities: LoadGeneratorActivities = {
      openSession: async () => {
        await this.step('open', experimentId);
        return {
          warmup: { acknowledged: 0, refusals: [], seconds: 0, level: null, moving: null, reason: null },
          environment: {
            host: { cpuModel: 'fake', cpuCount: 1, memoryBytes: 1, kernel: 'fake', calibration: null },
            node: 'v24',
            product: null,
            clients: {
              producer: { name: 'fake', version: '1', adds: [] },
              consumer: { name: 'fake', version: '1', adds: [] },
            },
          },
        };
      },
      produce: async () => {
        const whole = await this.whole('produce', experimentId);
        return part('produce', !whole);
      },
      consume: async () => {
        const whole = await this.whole('consume', experimentId);
        return part('consume', !whole);
      },
      closeSession: async () => {},
    };
    const worker = await Worker.create({
      connection: this.environment.nativeConnection,
      taskQueue: loadGeneratorTaskQueue(experimentId, generator),
      activities,
      maxHeartbeatThrottleInterval: '200 milliseconds',
    });
    const others = this.loadGenerators.get(experimentId) ?? [];
    this.loadGenerators.set(experimentId, [...others, { worker, ended: worker.run() }]);
  }

  async killLoadGenerator(experimentId: string): Promise<void> {
    const generators = this.loadGenerators.get(experimentId);
    if (!generators) return;
    this.loadGenerators.delete(experimentId);
    for (const { worker } of generators) worker.shutdown();
    await Promise.all(generators.map(({ ended }) => ended));
  }

  async end(): Promise<void> {
    for (const id of [...this.loadGenerators.keys()]) await this.killLoadGenerator(id);
  }

  /** Whether the step ran to its end; a cancelled measurement returns what it has. */
  private async whole(step: Step, experimentId: string): Promise<boolean> {
    try {
      await this.step(step, experimentId);
      return true;
    } catch (error) {
      if (error instanceof CancelledFailure) return false;
      throw error;
    }
  }

  private async step(step: Step, experimentId: string): Promise<void> {
    const key = `${experimentId} ${step}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    this.steps.push(step);
    const context = Context.current();
    const heartbeat = setInterval(() => context.heartbeat(), 100);
    try {
      await Promise.race([this.hook(step, count, experimentId), context.cancelled]);
    } finally {
      clearInterval(heartbeat);
    }
  }
}

export function terraformFailed(message: string): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: failureTypes.terraformFailed,
    details: [[{ severity: 'error', summary: message, detail: '', address: null }]],
  });
}

export function sessionLost(): ApplicationFailure {
  return ApplicationFailure.create({ message: 'session 1 is not open here', type: 'not-open' });
}

/** A promise, and the function that resolves it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
