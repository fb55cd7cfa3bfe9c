import { z } from 'zod';
import { type InventoryItem, inventoryItemSchema } from '../documents/orphans.ts';
import type { ExperimentSpec } from '../input/experiment.ts';
import { processIdentitySchema, whereaboutsSchema } from '../storage/process.ts';

/** Which experiment's infrastructure, and for which run of its workflow. */
export interface InfrastructureRef {
  experimentId: string;
  runId: string;
  spec: ExperimentSpec;
}

export interface ProvisionOutput {
  /** By the technology's endpoint schema. */
  endpoint: unknown;
  /** How many load generator processes were started. */
  generators: number;
  terraform: { version: string; providers: Record<string, string> };
  product: { name: string; version: string | null; emulated?: true | undefined };
}

/** What a reaper run found, and what became of it. */
export const reaperReportSchema = z.object({
  dryRun: z.boolean(),
  orphans: z.array(
    z.object({
      experimentId: z.string(),
      items: z.array(inventoryItemSchema),
      /** `found` in a dry run. */
      result: z.enum(['found', 'destroyed', 'failed', 'needs-operator', 'running-again']),
      message: z.string().nullable(),
    }),
  ),
});
export type ReaperReport = z.infer<typeof reaperReportSchema>;

export interface DestroyInput extends InfrastructureRef {
  /** A person has confirmed that the holder of this state lock is dead. */
  breakLock?: string;
  /** A person has asked for it: it waits for no measurement of another experiment. */
  asked?: true;
  /**
   * While another experiment is measured, fails at once as `NotQuiet`, for the workflow to wait without a slot of the home;
   * or goes on. Without it the activity itself waits, as workflows of 0.2.0 want it.
   */
  whileMeasured?: 'tell' | 'go-on';
}

/** Activities of the control worker that touch infrastructure. */
export interface InfrastructureActivities {
  /**
   * Applies the technology's root and returns its outputs. A later attempt on this host reattaches to a terraform that
   * still runs. A cancelled attempt lets the apply end within a bound and then fails as cancelled.
   */
  provision(input: InfrastructureRef): Promise<ProvisionOutput>;
  /** Whether what `provision` made for this very run is still all alive. */
  ownsInfrastructure(input: InfrastructureRef): Promise<boolean>;
  /** One bounded try to destroy everything of the experiment, and its run folder; succeeds on an empty inventory only. */
  destroy(input: DestroyInput): Promise<void>;
  /** What is alive for the experiment, each item confirmed. */
  inventory(input: InfrastructureRef): Promise<InventoryItem[]>;
}

/** A process that a launcher started for an experiment on this machine; one file each in the run folder. */
export const launchedProcessSchema = z.object({
  name: z.string().regex(/^[a-z0-9-]+$/),
  /** null from before it is started until it is known: whoever finds that looks for the process by its environment. */
  identity: processIdentitySchema.nullable(),
  /** Data folders below the run folder, removed with the process. */
  folders: z.array(z.string()),
  startedAt: z.iso.datetime(),
  /** Where it was started; releases before 0.3.0 do not say. */
  at: whereaboutsSchema.optional(),
});
export type LaunchedProcess = z.infer<typeof launchedProcessSchema>;

/**
 * Environment variables on everything that is started for an experiment on this machine, terraform and its children
 * included: they tell one experiment's processes, and one installation's, from all others.
 */
export const experimentEnvironment = {
  experimentId: 'COMPARATOR_EXPERIMENT_ID',
  /** The experiment's own folder, below `COMPARATOR_HOME`. */
  runFolder: 'COMPARATOR_RUN_FOLDER',
  /** Number of the terraform run: on terraform, its providers and its provisioners. */
  terraformRun: 'COMPARATOR_TERRAFORM_RUN',
  /** Name of a launched process: on that process and its children only. */
  process: 'COMPARATOR_PROCESS',
  /** What a launcher is to start, as JSON: on launchers only. */
  launch: 'COMPARATOR_LAUNCH',
} as const;

/** Environment variables by which terraform hands a load generator its place; beside the standard Temporal and AWS ones. */
export const loadGeneratorEnvironment = {
  experimentId: 'COMPARATOR_EXPERIMENT_ID',
  generator: 'COMPARATOR_GENERATOR',
  resultsBucket: 'COMPARATOR_RESULTS_BUCKET',
  /** Written once the generator polls its task queue. */
  readyFile: 'COMPARATOR_READY_FILE',
} as const;
