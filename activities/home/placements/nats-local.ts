import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import { pinned } from '../../../src/stack/setup/versions.ts';
import { natsSettingsSchema } from '../../../src/technologies/nats/settings.ts';
import type { Placement } from './placement.ts';

function servers(spec: ExperimentSpec): number {
  return natsSettingsSchema.parse(spec.settings).replicas;
}

/** Servers on this machine: processes and folders, which every local experiment's inventory covers. */
export const natsLocal: Placement = {
  inventory: async () => [],
  adoptable: async () => [],
  isUsable: async () => true,
  portsNeeded: (spec) => 2 * servers(spec),
  variables: ({ spec, tools }, ports) => ({
    server_program: tools.natsServer,
    server_ports: Array.from({ length: servers(spec) }, (_, index) => ({
      client: ports[2 * index],
      cluster: ports[2 * index + 1],
    })),
  }),
  product: () => ({ name: 'NATS Server', version: pinned.natsServer }),
};
