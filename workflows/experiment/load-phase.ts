import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Phase, Probe } from '../../src/contracts/documents/progress.ts';
import { type Load, measuredSchedule } from '../../src/contracts/input/workload.ts';
import type {
  InfrastructureRef,
  ProvisionOutput,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import type {
  LoadGeneratorActivities,
  LoadPartRef,
  MeasureInput,
  OpenSessionOutput,
  SessionRef,
} from '../../src/contracts/temporal/loadgen-activities.ts';
import { assignParticipants, type Participants } from '../../src/contracts/temporal/participants.ts';
import { loadGenerator, results } from '../activity-proxies.ts';
import { nextStep } from './capacity-search.ts';

/** Time in ms between the decision to start and the start, for every generator to hear of it. */
const startDelayMs = 300;
/** Where several generators also tell each other through S3 that they count. */
const startDelayOfSeveralMs = 3_000;
/** Beyond warm-up, measuring and drain: connecting, settling and storing what was measured. */
const activityMarginMs = 15 * 60_000;

export interface LoadPhase {
  ref: InfrastructureRef;
  session: number;
  provisioned: ProvisionOutput;
  enter(phase: Phase): void;
  stopRequested(): boolean;
  /** What a capacity search has tried so far, also in earlier sessions. */
  probes: readonly Probe[];
  addProbe(probe: Probe): void;
  /** Takes what has been measured so far, also when the phase then fails. */
  keep(measured: { opened: OpenSessionOutput[]; partKeys: string[]; partial: boolean }): void;
}

interface Generator extends Participants {
  activities: LoadGeneratorActivities;
}

/** Opens sessions on every load generator, measures on them, and keeps the parts. */
export async function runLoad(load: LoadPhase): Promise<void> {
  const { ref } = load;
  const { workload } = ref.spec;
  const longestMs =
    (workload.warmupSeconds + workload.durationSeconds + workload.drainTimeoutSeconds) * 1_000 +
    activityMarginMs;
  const generators = assignParticipants({ ...workload, generators: load.provisioned.generators }).map(
    (participants): Generator => ({
      ...participants,
      activities: loadGenerator(ref.experimentId, participants.generator, longestMs),
    }),
  );

  load.enter('warming-up');
  const opened = await Promise.all(
    generators.map((generator) =>
      generator.activities.openSession({
        ...sessionRef(load, generator),
        technology: ref.spec.technology,
        settings: ref.spec.settings,
        endpoint: load.provisioned.endpoint,
        workload,
        producers: generator.producers,
        consumers: generator.consumers,
      }),
    ),
  );
  load.keep({ opened, partKeys: [], partial: false });

  const { load: shape } = workload;
  if (shape.shape === 'capacity-search') await searchCapacity(load, shape, generators, opened);
  else await measure(load, generators, opened, { schedule: measuredSchedule(workload), probe: null });
}

/** Tries rates until the highest one that is sustained is known, and has been held for the measured time. */
async function searchCapacity(
  load: LoadPhase,
  search: Extract<Load, { shape: 'capacity-search' }>,
  generators: Generator[],
  opened: OpenSessionOutput[],
): Promise<void> {
  const { spec } = load.ref;
  for (;;) {
    const next = nextStep(search, load.probes);
    const { messagesPerSecond } = next;
    if (messagesPerSecond === null) return;
    const hold = next.kind === 'found';
    const seconds = hold ? spec.workload.durationSeconds : search.probeSeconds;
    const partKeys = await measure(load, generators, opened, {
      schedule: [{ messagesPerSecond, seconds }],
      probe: hold ? null : load.probes.length + 1,
    });
    const probe = await results.judgeProbe({ spec, messagesPerSecond, seconds, hold, partKeys });
    load.addProbe(probe);
    if (hold && probe.sustained) return;
  }
}

/** Runs a schedule on all generators, and keeps the parts unless it is a probe. Returns their keys. */
async function measure(
  load: LoadPhase,
  generators: Generator[],
  opened: OpenSessionOutput[],
  order: Pick<MeasureInput, 'schedule' | 'probe'>,
): Promise<string[]> {
  load.enter('measuring');
  const startAtEpochMs = Date.now() + (generators.length > 1 ? startDelayOfSeveralMs : startDelayMs);
  const input = (generator: Generator) => ({ ...sessionRef(load, generator), ...order, startAtEpochMs });
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
        if (!load.stopRequested() && order.probe === null) load.enter('draining');
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
  const partial = parts.some((part) => part.partial) || parts.length < settled.length;
  if (order.probe === null) load.keep({ opened, partKeys, partial });
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  // A lost participant says more than the cancellation of those that were stopped for its sake.
  const telling =
    failures.find((reason) => reason instanceof ActivityFailure && !isCancellation(reason)) ?? failures[0];
  if (telling) throw telling;
  return partKeys;
}

function sessionRef({ ref, session }: LoadPhase, { generator }: Generator): SessionRef {
  return { experimentId: ref.experimentId, runId: ref.runId, session, generator };
}
