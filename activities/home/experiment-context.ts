import { hostname } from 'node:os';
import { join } from 'node:path';
import { idSchema } from '../../src/contracts/input/ids.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { InfrastructureRef } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { userName } from '../../src/machine/user-name.ts';
import { findTechnology } from '../../src/technologies/registry.ts';
import { InvalidInputError } from '../../src/temporal/activity-error.ts';
import type { RootDependencies, TerraformLimits } from './dependencies.ts';
import { backendConfig, terraformEnvironment } from './folder/environment.ts';
import { type ExperimentFolder, experimentFolderOf } from './folder/experiment-folder.ts';
import type { Placement, PlacementContext } from './placements/placement.ts';
import { placements } from './placements/registry.ts';

/** Everything about one experiment that provisioning and destroying share. */
export interface ExperimentContext {
  ref: InfrastructureRef;
  folder: ExperimentFolder;
  placement: Placement;
  entryContext: PlacementContext;
  /** How long terraform may take with it. */
  limits: TerraformLimits;
  /** Of supervisors and terraforms. */
  environment: Record<string, string | undefined>;
  backend: Record<string, unknown>;
  /** user@host, as terraform writes it into locks. */
  who: string;
}

/**
 * Finds out where an experiment's things are. Of its spec only technology and target are looked at: the rest may be of
 * another release, and must keep nobody from destroying it.
 * @throws InvalidInputError when the id, the technology or the target cannot be used
 */
export function experimentContext(deps: RootDependencies, ref: InfrastructureRef): ExperimentContext {
  const id = idSchema.safeParse(ref.experimentId);
  if (!id.success) throw new InvalidInputError(`the experiment id ${id.error.issues[0]?.message}`);
  const { spec } = ref;
  const experimentId = id.data;
  const placement = findTechnology(spec.technology) && placements[spec.technology][spec.target];
  if (!placement) throw new InvalidInputError(`${spec.technology} cannot run on ${spec.target}`);
  const folder = experimentFolderOf(deps.home, experimentId, spec.technology, spec.target);
  const entryContext = {
    experimentId,
    spec,
    installationId: deps.installationId,
    runFolder: folder.path,
    ...deps.aws,
    clustersFile: deps.clustersFile,
    cloud: deps.cloud,
    tools: deps.tools,
  };
  const environment = {
    ...placement.environment?.(entryContext),
    ...terraformEnvironment(deps.environment, {
      experimentId,
      home: deps.home,
      runFolder: folder.path,
      terraformData: folder.terraformData,
      cliConfig: deps.tools.terraformCliConfig,
      node: deps.node,
      launcher: join(deps.projectFolder, 'terraform', 'modules', 'local-processes', 'launcher.ts'),
      clustersFile: deps.clustersFile,
      ...deps.aws,
    }),
  };
  return {
    ref,
    folder,
    placement,
    entryContext,
    limits: placement.limits ?? deps.limits,
    environment,
    backend: backendConfig({
      bucket: deps.store.bucket,
      key: s3Keys.terraformState(experimentId),
      ...deps.aws,
    }),
    who: `${userName(deps.environment)}@${hostname()}`,
  };
}
