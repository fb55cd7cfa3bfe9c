import { randomUUID } from 'node:crypto';
import { workloadSchema } from '../../../src/contracts/input/workload.ts';
import type { InfrastructureDependencies } from '../dependencies.ts';
import type { ExperimentContext } from '../experiment-context.ts';
import { terraformVariables } from '../folder/variables.ts';

/** Content of the tfvars file; the token is new, so that an apply replaces every process. */
export function variablesOf(
  deps: InfrastructureDependencies,
  { ref, folder, placement, entryContext }: ExperimentContext,
  ports: number[],
): Record<string, unknown> {
  const { spec } = ref;
  return terraformVariables(
    {
      experimentId: ref.experimentId,
      settings: spec.settings,
      launcher: {
        node: deps.node,
        projectFolder: deps.projectFolder,
        runFolder: folder.path,
        launchToken: randomUUID(),
      },
      generators: {
        // A spec that an earlier version accepted says nothing of them.
        number: workloadSchema.parse(spec.workload).generators,
        entry: deps.generatorEntry,
        temporalAddress: deps.temporal.address,
        temporalNamespace: deps.temporal.namespace,
        resultsBucket: deps.store.bucket,
        region: deps.aws.region,
        endpointUrl: deps.aws.endpointUrl,
      },
    },
    placement.variables(entryContext, ports),
  );
}
