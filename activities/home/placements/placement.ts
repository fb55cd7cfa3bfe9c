import type { InventoryItem } from '../../../src/contracts/documents/orphans.ts';
import type { Product } from '../../../src/contracts/documents/product.ts';
import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import type { CloudSettings } from '../../../src/machine/cloud/settings.ts';
import type { ToolPaths } from '../../../src/stack/setup/tools.ts';
import type { Attempt } from '../attempt.ts';
import type { TerraformLimits } from '../dependencies.ts';
import type { Adoptable } from '../state/adoption.ts';

/** Whose things are, and where the cloud is. */
export interface InstallationContext {
  installationId: string;
  region: string;
  /** null for AWS itself. */
  endpointUrl: string | null;
  /** The file of the user's clusters; null where there is none. */
  clustersFile: string | null;
  /** What of AWS may be used; `problem` says why nothing can be made there. */
  cloud: CloudSettings & { problem: string | null };
}

/** Where load generators find everybody, wherever they run. */
export interface GeneratorPlace {
  number: number;
  temporalAddress: string;
  temporalNamespace: string;
  resultsBucket: string;
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
  /** Addresses at which applies have begun; empty where that is not noted. */
  begunAt?: readonly string[];
}

/** What an account tells of an experiment whose record is lost. */
export interface Recalled {
  region: string;
  generators: number;
  /** Settings that decide what there is to import. */
  settings: Record<string, unknown>;
  /** Whether the product itself is there. */
  isSure: boolean;
}

/** What the infrastructure activities must know of one technology on one target. */
export interface Placement {
  /**
   * True where what it makes lies in what is the user's own, which may not let us look. That an apply is to begin is noted
   * in S3 then, for `begun`.
   */
  elsewhere?: boolean;
  /** True where nothing of it runs on this machine, so that whether it stands is for `isUsable` alone to say. */
  isRemote?: boolean;
  /** Addresses of what is the user’s own, as they are known now; `begunAt` has those of earlier applies. */
  addresses?(context: PlacementContext): string[];
  /** How long terraform may take, where that is not the usual time. */
  limits?: TerraformLimits;
  /**
   * Whether the user's own can be used at all, before anything is made.
   * @throws InvalidInputError where only a person can mend it, TerraformFailedError where it may pass
   */
  assertReady?(context: PlacementContext): Promise<void>;
  /** What is alive of the experiment, beside what every local experiment has, each item confirmed. */
  inventory(context: PlacementContext): Promise<InventoryItem[]>;
  /** Ids of the experiments of an installation that have anything beside processes, states and folders, by its name. */
  owners?(installation: InstallationContext): Promise<string[]>;
  /** Those of them whose time is over, whatever became of their workflows. */
  expired?(installation: InstallationContext): Promise<string[]>;
  /** What can be told of an experiment whose record is lost; null where nobody is asked. */
  recall?(installation: InstallationContext, experimentId: string): Promise<Recalled | null>;
  /**
   * What exists for the experiment and can be imported, by the names that installation and experiment give it and no
   * others, for what is imported is destroyed; each confirmed, and settled enough to be imported.
   */
  adoptable(context: PlacementContext): Promise<Adoptable[]>;
  /** Whether what terraform made for it, beside processes, is there and can be used. */
  isUsable(context: PlacementContext): Promise<boolean>;
  /**
   * Waits, after an apply, until load generators can be given work.
   * @throws TerraformFailedError that says why they cannot
   */
  awaitReady?(context: PlacementContext, attempt: Attempt): Promise<void>;
  /** Removes, after a destroy, what no state has room for. */
  sweep?(context: PlacementContext): Promise<void>;
  /** How many free ports an apply needs. */
  portsNeeded(spec: ExperimentSpec): number;
  /** How its root takes load generators where they do not run on this machine; it takes no launcher then. */
  generators?(context: PlacementContext, place: GeneratorPlace): Record<string, unknown>;
  /** The root module's variables beside those that all roots share. */
  variables(context: PlacementContext, ports: number[]): Record<string, unknown>;
  /** What terraform's programs need beside, whether the root has variables or not: no secrets. */
  environment?(context: PlacementContext): Record<string, string>;
  /** What is put to the test. */
  product(context: PlacementContext): Product;
}
