import { z } from 'zod';

/** One thing that an apply would make. */
export interface PlannedResource {
  /** Terraform's, in the root. */
  address: string;
  type: string;
  /** As terraform calls it: `create`, where nothing is there yet. */
  action: string;
}

const plannedSchema = z.object({
  type: z.literal('planned_change'),
  change: z.object({
    resource: z.object({ addr: z.string(), resource_type: z.string() }),
    action: z.string(),
  }),
});

/** Of what is only read, or stays as it is, nothing is made. */
const notMade = new Set(['read', 'noop']);

/**
 * What a plan would change, by its address, from what `terraform plan -json` prints. That tells no values, of which some
 * are secret, and spares a second start of the provider, which takes as long as the plan.
 */
export function plannedResources(output: string): PlannedResource[] {
  return output
    .split('\n')
    .filter((line) => line.includes('"planned_change"'))
    .map((line) => plannedSchema.parse(JSON.parse(line)).change)
    .filter(({ action }) => !notMade.has(action))
    .map(({ resource, action }) => ({ address: resource.addr, type: resource.resource_type, action }))
    .sort((one, other) => (one.address < other.address ? -1 : 1));
}
