import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { type ExperimentSpec, experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { type ExperimentLimits, failureTypes } from '../../../src/contracts/temporal/control-activities.ts';
import { messageNames } from '../../../src/contracts/temporal/names.ts';
import { experimentRecord } from '../../support/documents.ts';
import {
  type FakeWorld,
  gate,
  type Step,
  searchSpec,
  sessionLost,
  spec,
  spreadSpec,
  terraformFailed,
} from './fake-world.ts';
import { untilPhase } from './until-phase.ts';

/** How an experiment goes: what its steps do, and what is done to it from outside. */
export interface Course {
  /** Where it is not the usual one. */
  spec?: ExperimentSpec;
  /** Where it is started with something else. */
  input?: unknown;
  limits?: Partial<ExperimentLimits>;
  /** The home that accepts it, where that is not the one that works. */
  home?: string;
  /** What is there of its id before it starts. */
  before?: (world: FakeWorld, id: string) => void;
  /** Whether what was provisioned stands, by how often it was asked, from 1. */
  owns?: (count: number) => boolean;
  step?: (step: Step, count: number) => Promise<void> | void;
  act?: (handle: WorkflowHandle) => Promise<void>;
}

/** Stays in a step until the experiment is cancelled. */
export const staysIn = (held: Step) => (step: Step) => (step === held ? gate().opened : undefined);

function ladderOf(load: object): ExperimentSpec {
  const { workload, ...shared } = spec;
  return experimentSchema.parse({ ...shared, workload: { ...workload, load: { shape: 'ladder', ...load } } });
}

/** The ways an experiment can go, by the name of the history that tells of it; made anew, since some remember. */
export function courses(): Record<string, Course> {
  let broken = true;
  let locked = true;
  return {
    'experiment-completed': {},
    'experiment-cancelled-provisioning': {
      step: staysIn('provision'),
      async act(handle) {
        await untilPhase(handle, 'provisioning');
        await handle.signal(messageNames.cancel, { reason: 'changed my mind' });
      },
    },
    'experiment-cancelled-measuring': {
      step: staysIn('produce'),
      async act(handle) {
        await untilPhase(handle, 'measuring');
        await handle.signal(messageNames.cancel);
        await handle.signal(messageNames.cancel);
      },
    },
    'experiment-cancelled-by-temporal': {
      step: staysIn('consume'),
      async act(handle) {
        await untilPhase(handle, 'draining');
        await handle.cancel();
      },
    },
    'experiment-refused': { input: { name: 'x', technology: 'kafak' } },
    'experiment-cancelled-at-once': {
      act: async (handle) => {
        await handle.signal(messageNames.cancel);
      },
    },
    'experiment-as-new': {
      limits: { longHistoryEvents: 60 },
      step(step, count) {
        if (step === 'destroy' && count < 3) throw terraformFailed('the stream is in use');
      },
    },
    'experiment-failed': {
      step(step) {
        if (step === 'provision') throw terraformFailed('no broker came up');
      },
    },
    'experiment-restarted': {
      step(step, count) {
        if (step === 'consume' && count === 1) throw sessionLost();
      },
    },
    'experiment-searched': {
      spec: searchSpec,
      step(step, count) {
        if (step === 'produce' && count === 3) throw sessionLost();
      },
    },
    'experiment-spread': { spec: spreadSpec },
    'experiment-ladder': { spec: ladderOf({ ratesMessagesPerSecond: [500, 1_000, 2_000] }) },
    'experiment-ladder-searched': {
      spec: ladderOf({ sharesPercent: [50, 90], startMessagesPerSecond: 1_000, resolutionPercent: 20 }),
    },
    'experiment-not-quiet': {
      step(step, count) {
        if (step !== 'destroy' || count > 1) return;
        throw ApplicationFailure.create({ message: 'another is measured', type: failureTypes.notQuiet });
      },
    },
    'experiment-home-gone': { home: 'gone', limits: { takeUpMs: 500 } },
    'experiment-disowned': { owns: (count) => count > 2 },
    'experiment-refused-destroys-earlier': {
      input: { name: 'x', technology: 'kafak' },
      before(world, id) {
        world.alive.add(id);
        world.experiments.set(id, experimentRecord({ id, spec }));
      },
    },
    'experiment-upload-failed-once': {
      step(step, count) {
        if (step === 'upload' && count === 1) throw ApplicationFailure.nonRetryable('S3 does not answer');
      },
    },
    'experiment-needs-operator': {
      step(step) {
        if (step === 'destroy' && broken) throw terraformFailed('the stream is in use');
      },
      async act(handle) {
        await untilPhase(handle, 'needs-operator');
        broken = false;
        await handle.executeUpdate(messageNames.retryDestroy);
      },
    },
    'experiment-lock-confirmed': {
      step(step) {
        if (step !== 'destroy' || !locked) return;
        throw ApplicationFailure.create({
          message: 'the state is locked',
          type: failureTypes.operatorNeeded,
          nonRetryable: true,
          details: [{ reason: 'the state is locked', actions: ['confirm'] }],
        });
      },
      async act(handle) {
        await untilPhase(handle, 'needs-operator');
        locked = false;
        await handle.executeUpdate(messageNames.retryDestroy, { args: [{ breakLock: 'lock-1' }] });
      },
    },
  };
}
