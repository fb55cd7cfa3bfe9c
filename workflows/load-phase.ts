import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { InfrastructureRef, ProvisionOutput } from '../src/contracts/infrastructure.ts';
import type { LoadGeneratorActivities, LoadPartRef, OpenSessionOutput } from '../src/contracts/loadgen.ts';
import { assignParticipants, type Participants } from '../src/contracts/participants.ts';
import type { Phase } from '../src/contracts/progress.ts';
import { loadGenerator } from './activity-proxies.ts';

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
  /** Takes what has been measured so far, also when the phase then fails. */
  keep(measured: { opened: OpenSessionOutput[]; partKeys: string[]; partial: boolean }): void;
}

interface Generator extends Participants {
  activities: LoadGeneratorActivities;
}

/** Opens sessions on every load generator, measures on them, and keeps the parts. */
export async function runLoad(load: LoadPhase): Promise<void> {
  const { ref, session } = load;
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
  const sessionRef = ({ generator }: Generator) => ({
    experimentId: ref.experimentId,
    runId: ref.runId,
    session,
    generator,
  });

  load.enter('warming-up');
  const opened = await Promise.all(
    generators.map((generator) =>
      generator.activities.openSession({
        ...sessionRef(generator),
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

  load.enter('measuring');
  const startAtEpochMs = Date.now() + (generators.length > 1 ? startDelayOfSeveralMs : startDelayMs);
  const measure = (generator: Generator) => ({ ...sessionRef(generator), startAtEpochMs });
  const producing = generators
    .filter(({ producers }) => producers.length > 0)
    .map((generator) => generator.activities.produce(measure(generator)));
  const consuming = generators
    .filter(({ consumers }) => consumers.length > 0)
    .map((generator) => generator.activities.consume(measure(generator)));
  Promise.all(producing).then(
    () => {
      if (!load.stopRequested()) load.enter('draining');
    },
    () => {},
  );

  const settled = await Promise.allSettled([...producing, ...consuming]);
  const parts = settled.flatMap((one): LoadPartRef[] => (one.status === 'fulfilled' ? [one.value] : []));
  load.keep({
    opened,
    partKeys: parts.map(({ partKey }) => partKey),
    partial: parts.some(({ partial }) => partial) || parts.length < settled.length,
  });
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  // A lost participant says more than the cancellation of those that were stopped for its sake.
  const telling =
    failures.find((reason) => reason instanceof ActivityFailure && !isCancellation(reason)) ?? failures[0];
  if (telling) throw telling;
}
