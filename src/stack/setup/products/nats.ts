import type { Config } from '../../../config.ts';
import { environmentProgram, environmentRequirement } from '../python.ts';
import type { Requirement } from '../requirement.ts';
import { run } from '../run-tool.ts';
import { pinned } from '../versions.ts';

export interface NatsPaths {
  natsServer: string;
}

export function natsPaths(config: Config): NatsPaths {
  return { natsServer: environmentProgram(config, 'nats-server') };
}

/** The server of NATS JetStream. */
export function natsServerRequirement(config: Config): Requirement {
  return environmentRequirement(config, 'NATS server', pinned.natsServer, async () => {
    const { ok, output } = await run(natsPaths(config).natsServer, ['--version']);
    return ok ? (/v(\d\S*)/.exec(output)?.[1] ?? output) : `does not run: ${output}`;
  });
}
