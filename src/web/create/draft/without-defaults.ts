import type { JsonSchema } from '../../../analysis/report/reference.ts';
import type { Draft } from './draft.ts';

interface Technology {
  id: string;
  settingsSchema: JsonSchema;
}

/**
 * A draft of what has run, in which every default was filled in, as its author may have written it: what is the default
 * anyway counts as not chosen.
 * @param schema of a comparison
 */
export function withoutDefaults(
  draft: Draft,
  schema: JsonSchema,
  technologies: readonly Technology[],
): Draft {
  const workloadSchema = schema.properties?.workload ?? {};
  const { load, ...rest } = draft.workload;
  return {
    ...draft,
    workload: {
      ...(load === undefined
        ? {}
        : { load: loadWithoutDefaults(load as Values, workloadSchema.properties?.load) }),
      ...chosen(rest, workloadSchema),
    },
    variants: draft.variants.map((variant) => {
      const technology = technologies.find(({ id }) => id === variant.technology);
      return { ...variant, settings: chosen(variant.settings, technology?.settingsSchema ?? {}) };
    }),
  };
}

type Values = Record<string, unknown>;

function loadWithoutDefaults(load: Values, schema: JsonSchema = {}): Values {
  const shapes = schema.oneOf ?? schema.anyOf ?? [];
  const shape = shapes.find(({ properties }) => properties?.shape?.const === load.shape);
  return chosen(load, shape ?? {});
}

function chosen(values: Values, { properties = {} }: JsonSchema): Values {
  const isDefault = (name: string, value: unknown) => {
    const preset = properties[name]?.default;
    return preset !== undefined && JSON.stringify(preset) === JSON.stringify(value);
  };
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !isDefault(name, value)));
}
