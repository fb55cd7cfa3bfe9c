import { ActivityFailure, CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { Probe } from '../../src/contracts/documents/progress.ts';
import { longestWarmupSeconds, measuredSchedule } from '../../src/contracts/input/load/schedule.ts';
import type { Load } from '../../src/contracts/input/workload.ts';
import type { NextStep, Rung } from '../../src/contracts/temporal/control-activities.ts';
import type {
  LoadGeneratorActivities,
  LoadPartRef,
  MeasureInput,
  SessionRef,
} from '../../src/contracts/temporal/loadgen-activities.ts';
import { assignParticipants, type Participants } from '../../src/contracts/temporal/participants.ts';
import { loadGenerator, results } from '../activity-proxies.ts';
import { changes } from '../changes.ts';
import { enter } from './search-attributes.ts';
import { nextStepOf01 } from './search-of-0-1.ts';
import type { ProvisionedState } from './state.ts';

/** Time in ms between the decision to start and the start, for every generator to hear of it. */
const startDelayMs = 300;
/** Where several generators also tell each other through S3 that they count. */
const startDelayOfSeveralMs = 3_000;
/** Beyond warm-up, measuring and drain: connecting, settling and storing what was measured. */
const activityMarginMs = 15 * 60_000;

interface Generator extends Participants {
  activities: LoadGeneratorActivities;
}

/** Opens sessions on every load generator, measures on them, and keeps what was measured, also when it then fails. */
export async function runLoad(state: ProvisionedState): Promise<void> {
  const { ref, provisioned } = state;
  const { workload } = ref.spec;
  const longestMs =
    (longestWarmupSeconds(workload) + workload.durationSeconds + workload.drainTimeoutSeconds) * 1_000 +
    activityMarginMs;
  // Their tasks run, which is not yet to say that they ask for work.
  const takeUp = ref.spec.target === 'aws' && patched(changes.remoteGenerators) ? '2 minutes' : undefined;
  const generators = assignParticipants({ ...workload, generators: provisioned.generators }).map(
    (participants): Generator => ({
      ...participants,
      activities: loadGenerator(ref.experimentId, participants.generator, longestMs, takeUp),
    }),
  );

  enter(state, 'warming-up');
  state.opened = await Promise.all(
    generators.map((generator) =>
      generator.activities.openSession({
        ...sessionRef(state, generator),
        technology: ref.spec.technology,
        settings: ref.spec.settings,
        endpoint: provisioned.endpoint,
        workload,
        producers: generator.producers,
        consumers: generator.consumers,
      }),
    ),
  );
  state.partKeys = [];
  state.partial = false;

  const { load } = workload;
  if (load.shape === 'capacity-search' || load.shape === 'ladder') await tryRates(state, load, generators);
  else await measure(state, generators, { schedule: measuredSchedule(workload), probe: null });
}

/**
 * Tries rates until the highest one that is sustained is known, and has been held for the measured time; then, of a
 * ladder, its rungs.
 */
async function tryRates(state: ProvisionedState, load: RateTrying, generators: Generator[]): Promise<void> {
  const { spec } = state.ref;
  for (;;) {
    const next = state.nextStep ?? firstStep(load, state.probes);
    const { kind, messagesPerSecond } = next;
    if (kind === 'done') return;
    if (messagesPerSecond === null) {
      // What a rate that could not be held came to is not what was asked for.
      state.partKeys = [];
      return;
    }
    const hold = kind === 'found';
    const rung = kind === 'rung';
    const seconds = hold || rung ? spec.workload.durationSeconds : load.probeSeconds;
    const partKeys = await measure(
      state,
      generators,
      { schedule: [{ messagesPerSecond, seconds }], probe: hold ? null : state.probes.length + 1 },
      next.restSeconds,
    );
    const { session, probes: earlier } = state;
    const asked = {
      spec,
      messagesPerSecond,
      seconds,
      hold,
      ...(rung ? { rung } : {}),
      session,
      partKeys,
      earlier,
    };
    const { next: after = null, ...probe } = await results.judgeProbe(asked);
    state.probes.push(probe);
    state.nextStep = after;
    if (rung)
      keepRung(state, load, {
        messagesPerSecond,
        sustained: probe.sustained,
        reason: probe.reason,
        partKeys,
      });
    if (hold && probe.sustained && load.shape === 'capacity-search') return;
  }
}

type RateTrying = Extract<Load, { shape: 'capacity-search' | 'ladder' }>;

/** What comes first, and of 0.1.0, whose judgements did not say, always. */
function firstStep(load: RateTrying, probes: Probe[]): NextStep {
  const [lowest] = load.shape === 'ladder' ? (load.ratesMessagesPerSecond ?? []) : [];
  return lowest === undefined ? nextStepOf01(load, probes) : { kind: 'rung', messagesPerSecond: lowest };
}

/** Of a ladder of given rates the highest that was sustained is the measurement, else what its search held. */
function keepRung(state: ProvisionedState, load: RateTrying, rung: Rung): void {
  state.rungs.push(rung);
  if (load.shape !== 'ladder' || !load.ratesMessagesPerSecond) return;
  const best = state.rungs
    .filter(({ sustained }) => sustained)
    .reduce<Rung | null>(
      (top, one) => (top && top.messagesPerSecond > one.messagesPerSecond ? top : one),
      null,
    );
  state.partKeys = (best ?? rung).partKeys;
}

/** Runs a schedule on all generators, and keeps the parts unless it is a probe. Returns their keys. */
async function measure(
  state: ProvisionedState,
  generators: Generator[],
  order: Pick<MeasureInput, 'schedule' | 'probe'>,
  restSeconds = 0,
): Promise<string[]> {
  enter(state, 'measuring');
  const startAtEpochMs =
    Date.now() + (generators.length > 1 ? startDelayOfSeveralMs : startDelayMs) + restSeconds * 1_000;
  const input = (generator: Generator) => ({ ...sessionRef(state, generator), ...order, startAtEpochMs });
  const scope = new CancellationScope({ cancellable: true });
  const settled = await scope.run(() => {
    const producing = generators
      .filter(({ producers }) => producers.length > 0)
      .map((generator) => generator.activities.produce(input(generator)));
    const consuming = generators
      .filter(({ consumers }) => consumers.length > 0)
      .map((generator) => generator.activities.consume(input(generator)));
    Promise.all(producing).then(
      () => {
        // A search would fill the timeline with the drains of its probes.
        if (!state.stop && order.probe === null) enter(state, 'draining');
      },
      () => {},
    );
    const all = [...producing, ...consuming];
    // A lone generator notices by itself. Of several, the others would run their schedule to its end, in vain.
    if (generators.length > 1) for (const one of all) one.catch(() => scope.cancel());
    return Promise.allSettled(all);
  });
  const parts = settled.flatMap((one): LoadPartRef[] => (one.status === 'fulfilled' ? [one.value] : []));
  const partKeys = parts.map(({ partKey }) => partKey);
  if (order.probe === null) {
    state.partKeys = partKeys;
    state.partial = parts.some((part) => part.partial) || parts.length < settled.length;
  }
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (failures.length > 0) throw tellingFailure(failures);
  return partKeys;
}

/** A lost participant says more than the cancellation of those that were stopped for its sake. */
export function tellingFailure(failures: readonly unknown[]): unknown {
  return (
    failures.find((reason) => reason instanceof ActivityFailure && !isCancellation(reason)) ?? failures[0]
  );
}

function sessionRef({ ref, session }: ProvisionedState, { generator }: Generator): SessionRef {
  return { experimentId: ref.experimentId, runId: ref.runId, session, generator };
}
