import type { JsonSchema } from '../../../analysis/report/reference.ts';

/** One thing that a form asks for. */
export interface FieldSpec {
  name: string;
  kind: 'choice' | 'number' | 'switch' | 'text' | 'object';
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
}

/** Fields of an object's schema, in its order; those that are unions of objects are left to `shapesOf`. */
export function fieldsOfSchema(schema: JsonSchema): FieldSpec[] {
  return Object.entries(schema.properties ?? {})
    .filter(([, field]) => shapesOf(field).length === 0 && field.type !== 'array')
    .map(([name, field]) => fieldOf(name, field, schema.required?.includes(name) ?? false));
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

/** What a person typed, as the value that is sent; undefined for nothing, and the text itself where it is none. */
export function valueOfText(field: FieldSpec, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (field.kind) {
    case 'number': {
      const value = Number(trimmed.replaceAll(',', ''));
      return Number.isNaN(value) ? text : value;
    }
    case 'choice':
      return field.choices.find((choice) => String(choice) === trimmed) ?? text;
    case 'switch':
      return trimmed === 'true' ? true : trimmed === 'false' ? false : text;
    case 'object':
      try {
        return JSON.parse(trimmed);
      } catch {
        return text;
      }
    case 'text':
      return text;
  }
}

/** A value as a person reads and types it. */
export function textOfValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What is wrong with a value, as one types; null where nothing is that the schema tells. The server has the last word. */
export function faultOf(field: FieldSpec, value: unknown): string | null {
  const { kind, isWhole, lowest, highest, isLowestExcluded, choices, isRequired, preset } = field;
  if (value === undefined) return isRequired && preset === undefined ? 'is needed' : null;
  switch (kind) {
    case 'number': {
      if (typeof value !== 'number') return 'must be a number';
      if (isWhole && !Number.isInteger(value)) return 'must be a whole number';
      if (lowest !== null && (isLowestExcluded ? value <= lowest : value < lowest)) {
        return `must be ${isLowestExcluded ? 'more than' : 'at least'} ${lowest.toLocaleString('en-US')}`;
      }
      return highest !== null && value > highest
        ? `must be at most ${highest.toLocaleString('en-US')}`
        : null;
    }
    case 'choice':
      return choices.includes(value) ? null : `must be one of ${choices.join(', ')}`;
    case 'switch':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'object':
      return typeof value === 'object' ? null : 'must be a JSON object, such as {"a": 1}';
    case 'text':
      return null;
  }
}
