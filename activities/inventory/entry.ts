import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { ExperimentSpec } from '../../src/contracts/experiment.ts';
import type { InventoryItem } from '../../src/contracts/infrastructure.ts';
import type { Product } from '../../src/contracts/result.ts';
import type { ToolPaths } from '../../src/stack/tools.ts';
import type { Adoptable } from '../terraform/adopt.ts';
import type { CreatedResource } from '../terraform/journal.ts';

/** What an entry may use: where things are, and whose they are. */
export interface EntryContext {
  experimentId: string;
  spec: ExperimentSpec;
  installationId: string;
  /** The experiment's folder below `COMPARATOR_HOME`, whether it exists or not. */
  runFolder: string;
  region: string;
  /** null for AWS itself. */
  endpointUrl: string | null;
  tools: ToolPaths;
  kinesis: KinesisClient;
}

/** What the infrastructure activities must know of one technology on one target. */
export interface InfrastructureEntry {
  /** What is alive of the experiment, beside what every local experiment has, each item confirmed. */
  inventory(context: EntryContext): Promise<InventoryItem[]>;
  /**
   * What exists for the experiment and can be imported, by its name and by what journals say was created; each
   * confirmed, and settled enough to be imported.
   */
  adoptable(context: EntryContext, created: CreatedResource[]): Promise<Adoptable[]>;
  /** Whether what terraform made for it, beside processes, is there and can be used. */
  isUsable(context: EntryContext): Promise<boolean>;
  /** How many free ports an apply needs. */
  portsNeeded(spec: ExperimentSpec): number;
  /** The root module's variables beside those that all roots share. */
  variables(context: EntryContext, ports: number[]): Record<string, unknown>;
  /** What is put to the test. */
  product(context: EntryContext): Product;
}
