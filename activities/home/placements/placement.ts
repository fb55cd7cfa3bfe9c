import type { InventoryItem } from '../../../src/contracts/documents/orphans.ts';
import type { Product } from '../../../src/contracts/documents/product.ts';
import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import type { ToolPaths } from '../../../src/stack/setup/tools.ts';
import type { Adoptable } from '../state/adoption.ts';

/** Whose things are, and where the cloud is. */
export interface InstallationContext {
  installationId: string;
  region: string;
  /** null for AWS itself. */
  endpointUrl: string | null;
  /** The file of the user's clusters; null where there is none. */
  clustersFile: string | null;
}

/** What a placement may use: where things are, and whose they are. */
export interface PlacementContext extends InstallationContext {
  experimentId: string;
  spec: ExperimentSpec;
  /** The experiment's folder below `COMPARATOR_HOME`, whether it exists or not. */
  runFolder: string;
  tools: ToolPaths;
  /** False where no apply has begun, so that nothing is where nobody can look. */
  begun?: boolean;
}

/** What the infrastructure activities must know of one technology on one target. */
export interface Placement {
  /**
   * True where what it makes lies in what is the user's own, which may not let us look. That an apply is to begin is noted
   * in S3 then, for `begun`.
   */
  elsewhere?: boolean;
  /**
   * Whether the user's own can be used at all, before anything is made.
   * @throws InvalidInputError where only a person can mend it, TerraformFailedError where it may pass
   */
  assertReady?(context: PlacementContext): Promise<void>;
  /** What is alive of the experiment, beside what every local experiment has, each item confirmed. */
  inventory(context: PlacementContext): Promise<InventoryItem[]>;
  /** Ids of the experiments of an installation that have anything beside processes, states and folders, by its name. */
  owners?(installation: InstallationContext): Promise<string[]>;
  /**
   * What exists for the experiment and can be imported, by the names that installation and experiment give it and no
   * others, for what is imported is destroyed; each confirmed, and settled enough to be imported.
   */
  adoptable(context: PlacementContext): Promise<Adoptable[]>;
  /** Whether what terraform made for it, beside processes, is there and can be used. */
  isUsable(context: PlacementContext): Promise<boolean>;
  /** How many free ports an apply needs. */
  portsNeeded(spec: ExperimentSpec): number;
  /** The root module's variables beside those that all roots share. */
  variables(context: PlacementContext, ports: number[]): Record<string, unknown>;
  /** What terraform's programs need beside, whether the root has variables or not: no secrets. */
  environment?(context: PlacementContext): Record<string, string>;
  /** What is put to the test. */
  product(context: PlacementContext): Product;
}
