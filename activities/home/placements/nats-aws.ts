import { pinned } from '../../../src/stack/setup/versions.ts';
import { natsSettingsSchema } from '../../../src/technologies/nats/settings.ts';
import { type CloudProduct, cloudPlacement } from './aws/cloud-placement.ts';
import { findServers } from './aws/tasks.ts';

/**
 * Of an experiment whose record is lost nobody knows them: a destroy takes any that the root does, and imports nothing that
 * the root has no place for, so that it is told of as many servers as there can be.
 */
function ofFargate(settings: Record<string, unknown>) {
  return natsSettingsSchema.parse(
    settings.hosting === undefined ? { hosting: 'fargate', replicas: 3 } : settings,
  );
}

/** NATS servers as tasks beside the load generators, with whom they are made, found and taken over. */
export const servers: CloudProduct = {
  limits: { runMs: 30 * 60_000, patienceMs: 120_000, cancelGraceMs: 60_000 },
  find: async (clients, owner) => ({ ...(await findServers(clients, owner)), adoptable: [] }),
  // A service that is being made or removed can be imported, and destroyed, too.
  settle: async () => {},
  owners: async () => [],
  isUsable: async () => true,
  serverTasks: (settings) => ofFargate(settings).replicas,
  variables: ({ settings }) => (settings.hosting === undefined ? { settings: ofFargate(settings) } : {}),
  // The image of the load generators has it, of this very release.
  product: () => ({ name: 'NATS Server', version: pinned.natsServer }),
};

/** NATS servers on Fargate, with load generators beside them. */
export const natsAws = cloudPlacement(servers);
