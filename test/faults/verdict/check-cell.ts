import type { ExperimentProgress, Phase } from '../../../src/contracts/documents/progress.ts';
import { type Result, resultSchema } from '../../../src/contracts/documents/result.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { type AwsAccess, findRemains, nothing, type Remains, testStore } from '../../support/oracles.ts';
import type { Fault, FaultPhase } from '../cells/matrix.ts';

/** What is still there, each in words; empty when nothing is stranded. */
export async function stranded(home: string, aws: AwsAccess, bucket?: string): Promise<string[]> {
  const remains = await findRemains(home, aws, bucket);
  return (Object.keys(nothing) as (keyof Remains)[]).flatMap((kind) =>
    remains[kind].map((one) => `${kind}: ${one.slice(0, 200)}`),
  );
}

/** Whether a moment lies in a phase, by the workflow's own timeline. */
export function landedIn(
  phase: Phase,
  atEpochMs: number,
  { timeline }: Pick<ExperimentProgress, 'timeline'>,
): boolean {
  return timeline.some((entry) => {
    if (entry.phase !== phase || atEpochMs < Date.parse(entry.startedAt)) return false;
    // Closed is closed for ever.
    return phase === 'closed' || entry.endedAt === null || atEpochMs <= Date.parse(entry.endedAt);
  });
}

/** Outcomes that a fault may lead to; anything else is wrong. `null`: its workflow was terminated. */
export function allowedOutcomes(fault: Fault, phase: FaultPhase): readonly (string | null)[] {
  switch (fault) {
    case 'cancel-api':
    case 'cancel-temporal':
    case 'cancel-twice':
    case 'comparison-terminated':
    case 'reset-and-cancelled':
    case 'restarted-and-cancelled':
      return ['cancelled'];
    case 'terminated':
      return [null];
    // Its storage, its disk or its machine is gone for a while: what is under way then may fail, if clearly.
    case 'aws-frozen':
    case 'aws-restarted':
    case 's3-unavailable':
    case 'disk-full':
    case 'home-full':
    case 'stack-killed':
    case 'rebooted':
      return isBuiltOrLoaded(phase) ? ['completed', 'failed'] : ['completed'];
    // Its broker is what is measured.
    case 'broker-killed':
      return ['completed', 'failed'];
    // A session of a load generator has one attempt; all else is tried again.
    case 'activity-paused':
      return phase === 'measuring' ? ['completed', 'failed'] : ['completed'];
    case 'host-lost':
    case 'live-lock':
      return phase === 'provisioning' || phase === 'queued' ? ['completed', 'failed'] : ['completed'];
    default:
      return ['completed'];
  }
}

/** Who waits has nothing yet that could fail, and whose load is over has what was measured. */
function isBuiltOrLoaded(phase: FaultPhase): boolean {
  return phase === 'provisioning' || phase === 'warming-up' || phase === 'measuring' || phase === 'draining';
}

/** Every result document of an experiment, over all its runs. */
export async function readResults(aws: AwsAccess, id: string): Promise<Result[]> {
  const store = testStore(aws);
  const keys = await store.list(s3Keys.experimentFolder(id));
  const documents = keys.filter((key) => key.endsWith('/result.json'));
  return Promise.all(documents.map(async (key) => resultSchema.parse(await store.getJson(key))));
}

/** Says what was measured and cannot be found in a result document; empty when nothing was lost. */
export async function lostResults(aws: AwsAccess, id: string, terminated: boolean): Promise<string[]> {
  const keys = await testStore(aws).list(s3Keys.experimentFolder(id));
  const sessions = keys.flatMap(
    (key) => /^(.*\/session-\d+\/)generator-\d+-consume\.json$/.exec(key)?.[1] ?? [],
  );
  const whole = sessions.filter((session) =>
    keys.some((key) => key.startsWith(session) && key.endsWith('-produce.json')),
  );
  // A terminated workflow assembles nothing; what was measured stays in the bucket.
  if (whole.length === 0 || terminated) return [];
  const results = await readResults(aws, id);
  if (results.some(({ measurement }) => measurement !== null)) return [];
  return [`${whole.join(', ')} was measured, but no result has a measurement`];
}

/** Faults that end brokers, or take their disk. */
const maySpoilMessages: readonly Fault[] = ['broker-killed', 'disk-full', 'home-full', 'rebooted'];

/** What does not add up in a result; empty when all does. */
export function inconsistencies(
  { measurement, restarts }: Result,
  fault: Fault,
  completed: boolean,
): string[] {
  if (!measurement) return completed ? ['completed without a measurement'] : [];
  const { scheduled, unsent, sent, acknowledged, failed, indeterminate, lost } = measurement.messages;
  const problems: string[] = [];
  if (scheduled !== sent + unsent)
    problems.push(`scheduled ${scheduled} is not sent ${sent} + unsent ${unsent}`);
  if (sent !== acknowledged + failed + indeterminate) {
    problems.push(
      `sent ${sent} is not acknowledged ${acknowledged} + failed ${failed} + indeterminate ${indeterminate}`,
    );
  }
  if (lost !== 0 && !maySpoilMessages.includes(fault)) problems.push(`${lost} messages were lost`);
  if (fault === 'generator-killed' && restarts !== 1) problems.push(`restarts is ${restarts}, not 1`);
  return problems;
}
