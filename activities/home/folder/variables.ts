/** Variables that every root module has. */
export interface CommonVariables {
  experimentId: string;
  settings: Record<string, unknown>;
  launcher: { node: string; projectFolder: string; runFolder: string; launchToken: string };
  generators: {
    number: number;
    entry: string;
    temporalAddress: string;
    temporalNamespace: string;
    resultsBucket: string;
    region: string;
    endpointUrl: string | null;
  };
}

/**
 * Content of the tfvars file of a root whose load generators run elsewhere.
 * @param generators as the root takes them
 */
export function remoteVariables(
  { experimentId, settings }: Pick<CommonVariables, 'experimentId' | 'settings'>,
  generators: Record<string, unknown>,
  own: Record<string, unknown>,
): Record<string, unknown> {
  return { experiment_id: experimentId, settings, generators, ...own };
}

/** Content of the root's tfvars file. No secret is among it: credentials go through the environment. */
export function terraformVariables(
  common: CommonVariables,
  own: Record<string, unknown>,
): Record<string, unknown> {
  const { launcher, generators } = common;
  return {
    experiment_id: common.experimentId,
    settings: common.settings,
    launcher: {
      node: launcher.node,
      project_folder: launcher.projectFolder,
      run_folder: launcher.runFolder,
      launch_token: launcher.launchToken,
    },
    generators: {
      number: generators.number,
      entry: generators.entry,
      temporal_address: generators.temporalAddress,
      temporal_namespace: generators.temporalNamespace,
      results_bucket: generators.resultsBucket,
      region: generators.region,
      aws_endpoint_url: generators.endpointUrl,
    },
    ...own,
  };
}
