import type { ComparisonDryRun, ExperimentDryRun } from '../../../contracts/documents/api.ts';
import type { DraftVariant } from '../draft/draft.ts';
import type { FieldSpec } from '../fields/schema-fields.ts';

type Answer = ComparisonDryRun | ExperimentDryRun | null;

/**
 * Fields with the defaults that hold beside what else was chosen, by the server's answer: `durability: node-loss` makes
 * three brokers of one. Those of the schema stay where nothing is known.
 * @param resolved the object that the fields are of, with every default filled in
 */
export function withResolved(
  fields: readonly FieldSpec[],
  given: Readonly<Record<string, unknown>>,
  resolved: Readonly<Record<string, unknown>>,
): FieldSpec[] {
  return fields.map((field) => {
    const { name } = field;
    const preset = given[name] === undefined ? resolved[name] : undefined;
    return preset === undefined || field.kind === 'object' ? field : { ...field, preset };
  });
}

/** A variant's settings with every default filled in; empty while they are not known, and where several values are tried. */
export function resolvedSettings(answer: Answer, variant: DraftVariant): Record<string, unknown> {
  if (!answer || Object.keys(variant.sweep ?? {}).length > 0) return {};
  const { spec } = answer;
  if (!('variants' in spec)) return spec.technology === variant.technology ? spec.settings : {};
  // The server has made several of one that tries several values, and taken the spaces at the ends away.
  const found = spec.variants.find(({ name }) => name === variant.name.trim());
  return found?.technology === variant.technology ? found.settings : {};
}

/** The load with every default filled in; empty while it is not known. */
export function resolvedWorkload(answer: Answer): Record<string, unknown> {
  return answer?.spec.workload ?? {};
}
