import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { acceptedExperimentSchema } from '../../src/contracts/input/experiment.ts';
import { idSchema } from '../../src/contracts/input/ids.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { InfrastructureRef } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { technologyCard } from '../../src/technologies/registry.ts';
import { InvalidInputError } from '../../src/temporal/activity-error.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
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
  /** Of supervisors and terraforms. */
  environment: Record<string, string | undefined>;
  backend: Record<string, unknown>;
  /** user@host, as terraform writes it into locks. */
  who: string;
}

/**
 * Checks an experiment's reference and finds out where its things are.
 * @throws InvalidInputError when the id, the technology, the target or the settings cannot be used
 */
export function experimentContext(
  deps: InfrastructureDependencies,
  ref: InfrastructureRef,
): ExperimentContext {
  const experimentId = valid(idSchema.safeParse(ref.experimentId), 'the experiment id');
  const accepted = valid(acceptedExperimentSchema.safeParse(ref.spec), 'the experiment');
  const card = technologyCard(accepted.technology);
  const settings = valid(card.settings.safeParse(accepted.settings), 'settings') as Record<string, unknown>;
  const [problem] = card.settingsProblems(settings, accepted.target);
  if (problem) throw new InvalidInputError(`settings.${problem.setting} ${problem.message}`);
  const spec = { ...accepted, settings };
  const placement = placements[spec.technology][spec.target];
  if (!placement) throw new InvalidInputError(`${card.label} cannot run on ${spec.target}`);
  const folder = experimentFolderOf(deps.home, experimentId, spec.technology, spec.target);
  return {
    ref: { ...ref, spec },
    folder,
    placement,
    entryContext: {
      experimentId,
      spec,
      installationId: deps.installationId,
      runFolder: folder.path,
      ...deps.aws,
      tools: deps.tools,
      kinesis: deps.kinesis,
    },
    environment: terraformEnvironment(deps.environment, {
      experimentId,
      home: deps.home,
      runFolder: folder.path,
      terraformData: folder.terraformData,
      cliConfig: deps.tools.terraformCliConfig,
      node: deps.node,
      launcher: join(deps.projectFolder, 'terraform', 'modules', 'local-processes', 'launcher.ts'),
      ...deps.aws,
    }),
    backend: backendConfig({
      bucket: deps.store.bucket,
      key: s3Keys.terraformState(experimentId),
      ...deps.aws,
    }),
    who: `${userInfo().username}@${hostname()}`,
  };
}

interface Parsed<T> {
  success: boolean;
  data?: T;
  error?: { issues: { path: PropertyKey[]; message: string }[] };
}

function valid<T>(parsed: Parsed<T>, what: string): T {
  if (parsed.success) return parsed.data as T;
  const problems = (parsed.error?.issues ?? []).map(
    ({ path, message }) => `${[what, ...path].join('.')} ${message}`,
  );
  throw new InvalidInputError(problems.join('; '));
}
