import { type TechnologyId, technologyIds } from '../../../src/technologies/registry.ts';
import { pick, type Random, seededRandom } from './random.ts';

/** Phases in which a fault can land; `closed` is the moment after everything is over. */
export const faultPhases = [
  'queued',
  'provisioning',
  'warming-up',
  'measuring',
  'draining',
  'uploading',
  'destroying',
  'closed',
] as const;
export type FaultPhase = (typeof faultPhases)[number];

const everyPhase = faultPhases.filter((phase) => phase !== 'closed');
const whileTerraformRuns = ['provisioning', 'destroying'] as const;
const whileLoadRuns = ['warming-up', 'measuring', 'draining'] as const;

interface Applicability {
  /** One sentence: what is done from outside. */
  what: string;
  phases: readonly FaultPhase[];
  /**
   * Phases in which it is worth trying with another technology than Kafka too. With Kinesis that takes 20 s each way, and
   * half a minute of CPU.
   */
  also?: { readonly [technology in TechnologyId]?: readonly FaultPhase[] };
}

/** Every fault, and the phases where it applies. */
export const faults = {
  'worker-killed': {
    what: 'SIGKILL the worker',
    phases: everyPhase,
    also: { kinesis: whileTerraformRuns, nats: everyPhase },
  },
  'worker-terminated': { what: 'SIGTERM the worker, as a redeploy does', phases: everyPhase },
  'worker-frozen': {
    what: 'SIGSTOP the worker past its heartbeat while another takes over, then SIGCONT',
    phases: everyPhase,
  },
  'terraform-killed': {
    what: 'SIGKILL terraform',
    phases: whileTerraformRuns,
    also: { kinesis: whileTerraformRuns, nats: whileTerraformRuns },
  },
  'supervisor-killed': { what: 'SIGKILL the supervisor', phases: whileTerraformRuns },
  'supervisor-and-worker-killed': {
    what: 'SIGKILL supervisor and worker, while terraform lives and holds its lock',
    phases: whileTerraformRuns,
  },
  'machinery-killed': {
    what: 'SIGKILL worker, supervisor, terraform and provider at once',
    phases: whileTerraformRuns,
    also: { kinesis: whileTerraformRuns, nats: whileTerraformRuns },
  },
  'host-lost': {
    what: 'everything on the host dies with its run folder; a worker on another host goes on',
    phases: ['provisioning', 'measuring', 'destroying'],
    also: { kinesis: ['provisioning'], nats: ['measuring'] },
  },
  'temporal-killed': { what: 'SIGKILL the Temporal server', phases: everyPhase },
  'aws-frozen': { what: 'SIGSTOP the AWS emulator for 30 s', phases: everyPhase },
  'aws-restarted': { what: 'SIGTERM the AWS emulator, away for 30 s', phases: everyPhase },
  's3-unavailable': { what: 'S3 answers 503 for 20 s', phases: everyPhase },
  'stale-lock': {
    what: 'a lock object older than any terraform of ours appears',
    phases: ['queued', 'measuring'],
  },
  'live-lock': {
    what: 'a lock object of a holder on another host appears, and goes away later',
    phases: ['queued', 'measuring'],
  },
  'destroy-failing': {
    what: 'terraform cannot destroy until a person has been asked for and the cause is gone',
    phases: ['destroying'],
    also: { kinesis: ['destroying'] },
  },
  'broker-killed': { what: 'SIGKILL the broker', phases: whileLoadRuns, also: { nats: whileLoadRuns } },
  'generator-killed': {
    what: 'SIGKILL a load generator',
    phases: whileLoadRuns,
    also: { nats: whileLoadRuns },
  },
  'posts-at-once': { what: '50 parallel POSTs with one idempotency key', phases: ['queued'] },
  'cancel-api': {
    what: 'cancel by API',
    phases: everyPhase,
    also: { kinesis: ['provisioning'], nats: ['provisioning', 'measuring'] },
  },
  'cancel-temporal': { what: 'cancel the workflow', phases: everyPhase },
  'cancel-twice': {
    what: 'cancel by API and by Temporal, twice each',
    phases: ['provisioning', 'measuring', 'destroying'],
  },
  terminated: {
    what: 'terminate the workflow; the reaper is asked to clean up',
    phases: everyPhase,
    also: { kinesis: ['provisioning'], nats: ['measuring'] },
  },
  'disk-full': {
    what: 'no room is left for run folders for 10 s (a small tmpfs)',
    phases: ['provisioning', 'measuring', 'destroying'],
  },
  'reset-to-start': {
    what: 'reset to the first workflow task',
    phases: ['provisioning', 'measuring', 'destroying', 'closed'],
  },
  'reset-to-last': {
    what: 'reset to the last workflow task',
    phases: ['provisioning', 'measuring', 'destroying', 'closed'],
  },
  'reset-and-cancelled': {
    what: 'reset to the first workflow task, and at once cancel by API',
    phases: ['provisioning', 'measuring', 'destroying'],
    also: { nats: ['measuring'] },
  },
  'restarted-and-cancelled': {
    what: 'terminate, start the same id again, and at once cancel by API',
    phases: ['provisioning', 'measuring', 'destroying'],
    also: { nats: ['measuring'] },
  },
  'reaped-and-reset': {
    what: 'terminate, ask the reaper to clean up, and reset while it does',
    phases: ['provisioning', 'measuring'],
    also: { nats: ['measuring'] },
  },
  'queue-terminated': {
    what: 'terminate the run queue, while one waits in it',
    phases: ['queued', 'provisioning', 'measuring', 'destroying'],
  },
  'stack-killed': {
    what: 'SIGKILL worker, API, Temporal server, AWS emulator, supervisor, terraform and provider at once',
    phases: everyPhase,
    also: { nats: ['measuring'] },
  },
  'other-home': {
    what: 'a worker of another home comes to the same namespace and bucket, and is refused',
    phases: ['queued', 'provisioning', 'measuring', 'destroying'],
  },
  rebooted: {
    what: 'everything on the host dies at once; the same host comes back with its files and a new boot id',
    phases: ['provisioning', 'measuring', 'destroying'],
    also: { nats: ['measuring'] },
  },
  'home-full': {
    what: 'no room is left for databases, run folders, brokers and logs for 10 s (a small tmpfs)',
    phases: ['provisioning', 'measuring', 'destroying'],
  },
  upgraded: {
    what: 'the worker of an earlier commit is killed, and one of this code takes over in the same place',
    phases: everyPhase,
    also: { kinesis: ['provisioning'], nats: ['measuring'] },
  },
  'upgraded-patched': {
    what: 'the same with workflow code that is changed behind patched()',
    phases: everyPhase,
  },
  'upgraded-renamed': {
    what: "the same with a Terraform root's variable that has another name",
    phases: everyPhase,
  },
  'upgraded-wrongly-and-back': {
    what: 'the same with workflow code that no history fits to, which is shown, then back again',
    phases: everyPhase,
  },
  'stack-replaced': {
    what: 'the whole embedded stack of an earlier commit, with much under way, is stopped, and that of this code started on its home',
    phases: ['provisioning', 'measuring'],
  },
  'stack-killed-and-replaced': {
    what: 'the same with SIGKILL for all of the earlier stack',
    phases: ['measuring', 'destroying'],
  },
  'started-again': { what: 'start like this one: the same id and input again', phases: ['closed'] },
  'activity-paused': {
    what: 'pause the running activity, unpause it 5 s later',
    phases: ['provisioning', 'measuring', 'destroying'],
  },
  'comparison-terminated': {
    what: 'terminate a comparison while its variant runs',
    phases: ['provisioning', 'measuring'],
  },
  'queue-goes-on-as-new': {
    what: 'a run queue that goes on as new at every word takes the place of the run queue, while one waits in it',
    phases: ['queued', 'provisioning', 'measuring', 'destroying'],
  },
  'shared-folder': {
    what: 'SIGKILL the worker; for 20 s one on another host works on the same home, where all else goes on living here',
    phases: ['provisioning', 'measuring', 'destroying'],
    also: { nats: ['measuring'] },
  },
} as const satisfies Record<string, Applicability>;

export type Fault = keyof typeof faults;
/** Faults that take a world of their own: a whole stack, and then another in its place. */
export type ReplacingFault = 'stack-replaced' | 'stack-killed-and-replaced';
/** Faults of one experiment in a world that goes on. */
export type WorldFault = Exclude<Fault, ReplacingFault>;
export const faultNames = Object.keys(faults) as Fault[];

/** One fault in one phase of an experiment with one technology. */
export interface Cell {
  fault: Fault;
  phase: FaultPhase;
  technology: TechnologyId;
}

/** `fault/phase` with Kafka, else `fault/phase/technology`. */
export function cellName({ fault, phase, technology }: Cell): string {
  return technology === 'kafka' ? `${fault}/${phase}` : `${fault}/${phase}/${technology}`;
}

/** Every applicable cell once, in the order in which faults are listed. */
export function allCells(): Cell[] {
  return faultNames.flatMap((fault) => {
    const { phases, also = {} }: Applicability = faults[fault];
    const everywhere = { kafka: phases, ...also };
    return technologyIds.flatMap((technology) =>
      (everywhere[technology] ?? []).map((phase): Cell => ({ fault, phase, technology })),
    );
  });
}

/** A cell with the seed of everything in it that chance decides. */
export interface SeededCell extends Cell {
  seed: number;
}

export interface Selection {
  /** Random cells after every applicable one. */
  seeds: number;
  firstSeed: number;
  /** Faults; all where empty. */
  faults: readonly string[];
  /** Cells of one technology; of all where null. */
  technology: string | null;
  /** Some cells by their names, with commas between them, instead of all. */
  only: string | null;
  /** Leaves out the cells that every run begins with. */
  randomOnly: boolean;
}

/**
 * The cells of a run: each applicable one once, then random ones. The same selection gives the same cells.
 * @throws when a name is of no cell
 */
export function selectCells(selection: Selection): SeededCell[] {
  const only = selection.only?.split(',') ?? null;
  const cells = allCells().filter(
    (cell) =>
      (selection.faults.length === 0 || selection.faults.includes(cell.fault)) &&
      (selection.technology === null || selection.technology === cell.technology) &&
      (only === null || only.includes(cellName(cell))),
  );
  const none = only?.filter((name) => !cells.some((cell) => cellName(cell) === name)) ?? [];
  const unknown = selection.faults.filter((name) => !faultNames.includes(name as Fault));
  if (unknown.length > 0)
    throw new Error(`no such fault: ${unknown.join(', ')}; there are ${faultNames.join(', ')}`);
  if (selection.technology !== null && !technologyIds.some((id) => id === selection.technology)) {
    throw new Error(`no such technology: ${selection.technology}; there are ${technologyIds.join(', ')}`);
  }
  if (cells.length === 0 || none.length > 0) {
    throw new Error(
      `no such cell: ${none.join(', ') || 'with these options'}; there are ${allCells().map(cellName).join(', ')}`,
    );
  }
  const { firstSeed } = selection;
  const once = selection.randomOnly ? [] : cells.map((cell, index) => ({ ...cell, seed: firstSeed + index }));
  const random = Array.from({ length: selection.seeds }, (_, index): SeededCell => {
    const seed = firstSeed + once.length + index;
    return { ...pick(seededRandom(seed), cells), seed };
  });
  return [...once, ...random];
}

/** How far into each phase, in ms, a fault may strike; short phases are held open until it has. */
const spreadMs: Record<FaultPhase, number> = {
  queued: 1_500,
  provisioning: 4_000,
  'warming-up': 700,
  measuring: 2_400,
  draining: 300,
  uploading: 300,
  destroying: 2_000,
  closed: 300,
};

/** With a stream, most of the time goes into waiting for it. */
const streamSpreadMs: Partial<Record<FaultPhase, number>> = { provisioning: 25_000, destroying: 18_000 };

/** Time in ms between the moment when the fault could first strike and when it does; shorter with each new try. */
export function injectionDelayMs({ seed, phase, technology }: SeededCell, tries: number): number {
  const random: Random = seededRandom(seed * 7_919 + tries);
  const spread = (technology === 'kinesis' ? streamSpreadMs[phase] : undefined) ?? spreadMs[phase];
  return Math.round((random() * spread) / tries);
}
