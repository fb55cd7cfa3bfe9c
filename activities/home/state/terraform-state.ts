import { z } from 'zod';

/** Terraform's state, version 4, as far as it is needed to see what it knows. */
const stateSchema = z.object({
  version: z.literal(4),
  serial: z.number(),
  lineage: z.string(),
  resources: z
    .array(
      z.object({
        module: z.string().optional(),
        mode: z.string(),
        type: z.string(),
        name: z.string(),
        instances: z.array(z.object({ index_key: z.union([z.string(), z.number()]).optional() })).default([]),
      }),
    )
    .default([]),
});

export interface TerraformState {
  serial: number;
  lineage: string;
  /** Addresses of managed resources. */
  addresses: string[];
}

/**
 * Reads a state file. Reading the object that the backend keeps spares a `terraform state pull`.
 * @throws ZodError when it is no state that we know
 */
export function parseState(text: string): TerraformState {
  const state = stateSchema.parse(JSON.parse(text));
  const addresses = state.resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ index_key: key }) => {
        const index = key === undefined ? '' : `[${JSON.stringify(key)}]`;
        return `${module ? `${module}.` : ''}${type}.${name}${index}`;
      }),
    );
  return { serial: state.serial, lineage: state.lineage, addresses };
}

/**
 * As {@link parseState}; null for what is no state at all, such as a file of which a loss of power has left nothing.
 * @throws Error for a state of another version of Terraform's format: it is whole, and not to be given up
 */
export function parseStateOrNull(text: string): TerraformState | null {
  try {
    return parseState(text);
  } catch (error) {
    const version = versionOf(text);
    if (version !== null && version !== 4) {
      throw new Error(`the Terraform state has version ${version}, which is not known here`, {
        cause: error,
      });
    }
    return null;
  }
}

function versionOf(text: string): number | null {
  try {
    return z.object({ version: z.number() }).safeParse(JSON.parse(text)).data?.version ?? null;
  } catch {
    return null;
  }
}

/** Whether a state that terraform could not write is ahead of what the backend has, so that it must be pushed. */
export function mustPush(errored: TerraformState | null, remote: TerraformState | null): boolean {
  if (!errored) return false;
  if (!remote) return true;
  // Of another lineage it is of an earlier life of the experiment; what it knows is found by name.
  return errored.lineage === remote.lineage && errored.serial > remote.serial;
}
