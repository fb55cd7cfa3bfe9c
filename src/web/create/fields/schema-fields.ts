import type { JsonSchema } from '../../../analysis/report/reference.ts';

/** One thing that a form asks for. */
export interface FieldSpec {
  name: string;
  kind: 'choice' | 'number' | 'switch' | 'text' | 'object' | 'list';
  /** Of a choice. */
  choices: unknown[];
  /** What holds where nothing is given; undefined where there is nothing. */
  preset: unknown;
  help: string;
  isRequired: boolean;
  /** Of a number. */
  isWhole: boolean;
  lowest: number | null;
  /** Whether `lowest` itself is too low. */
  isLowestExcluded: boolean;
  highest: number | null;
  /** Of a list: what each of its values is; null of others. */
  item: FieldSpec | null;
}

/**
 * Fields of an object's schema, in its order; those that are unions of objects are left to `shapesOf`, and lists of
 * objects to forms of their own.
 */
export function fieldsOfSchema(schema: JsonSchema): FieldSpec[] {
  return Object.entries(schema.properties ?? {})
    .filter(([, field]) => shapesOf(field).length === 0 && (field.type !== 'array' || isListOfValues(field)))
    .map(([name, field]) => fieldOf(name, field, schema.required?.includes(name) ?? false));
}

/** A number of which no schema says more. */
export function numberField(name: string): FieldSpec {
  return fieldOf(name, { type: 'number' }, true);
}

function isListOfValues({ items }: JsonSchema): boolean {
  return ['number', 'integer', 'string'].includes(items?.type ?? '');
}

function fieldOf(name: string, schema: JsonSchema, isRequired: boolean): FieldSpec {
  const choices = choicesOf(schema);
  return {
    name,
    kind: kindOf(schema, choices),
    choices,
    preset: schema.default,
    help: schema.description ?? '',
    isRequired,
    isWhole: schema.type === 'integer',
    lowest: schema.exclusiveMinimum ?? schema.minimum ?? null,
    isLowestExcluded: schema.exclusiveMinimum !== undefined,
    highest: schema.maximum ?? null,
    item: schema.type === 'array' && schema.items ? fieldOf(name, schema.items, true) : null,
  };
}

function kindOf({ type }: JsonSchema, choices: readonly unknown[]): FieldSpec['kind'] {
  if (choices.length > 0) return 'choice';
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'object':
      return 'object';
    case 'array':
      return 'list';
    default:
      return 'text';
  }
}

function choicesOf(schema: JsonSchema): unknown[] {
  if (schema.enum) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  const branches = schema.anyOf ?? schema.oneOf ?? [];
  return branches.every((branch) => choicesOf(branch).length > 0) ? branches.flatMap(choicesOf) : [];
}

/** One shape of an object that can have several, told by a field that has one value. */
export interface Shape {
  /** Name of the field that tells it, and its value. */
  by: string;
  value: string;
  help: string;
  schema: JsonSchema;
}

/** Empty where an object has one shape only. */
export function shapesOf(schema: JsonSchema): Shape[] {
  return (schema.oneOf ?? schema.anyOf ?? []).flatMap((branch) => {
    const told = Object.entries(branch.properties ?? {}).find(([, field]) => choicesOf(field).length === 1);
    if (!told) return [];
    const [by, field] = told;
    const { [by]: _, ...properties } = branch.properties ?? {};
    return [
      {
        by,
        value: String(choicesOf(field)[0]),
        help: field.description ?? '',
        schema: { ...branch, properties },
      },
    ];
  });
}
