import { z } from 'zod';
import { clusterFileSchema } from '../../contracts/input/clusters/cluster-file.ts';
import { comparisonInputSchema } from '../../contracts/input/comparison.ts';
import { acceptedExperimentSchema } from '../../contracts/input/experiment.ts';
import { keyFileSchema } from '../../contracts/input/keys/key-file.ts';
import { latencyKinds, messageCounts, metricPaths, throughputSides } from '../../contracts/input/metric.ts';
import { priceFileSchema, priceNames } from '../../contracts/input/prices/price-file.ts';
import { workloadSchema } from '../../contracts/input/workload.ts';
import { technologies } from '../../technologies/registry.ts';

/** As much of a JSON Schema as our schemas come to. */
export interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  /** Of an object: the names it may have. */
  propertyNames?: { enum?: unknown[] };
}

/** One field that a user can write. */
export interface Field {
  /** From the topic's top, such as `load.messagesPerSecond`. */
  path: string;
  /** What it may be: choices, or a type with its range. */
  allowed: string;
  /** As JSON; null where the field must be given, or has none. */
  defaultText: string | null;
  description: string;
}

/** A part of the reference, as `comparator explain` shows it. */
export interface Topic {
  name: string;
  title: string;
  fields: Field[];
}

/** Everything that can be written into a file, from the schemas by which files are checked. */
export function topics(): Topic[] {
  return [
    topic(
      'experiment',
      'An experiment: one technology with one set of settings under one load',
      acceptedExperimentSchema,
    ),
    topic('comparison', 'A comparison: several variants under one load', comparisonInputSchema),
    topic('workload', 'The load of an experiment or comparison', workloadSchema),
    ...Object.values(technologies).map(({ id, label, settings }) =>
      topic(id, `Settings of ${label}`, settings as z.ZodType),
    ),
    pricesTopic(),
    topic(
      'clusters',
      'Clusters of yours that target: existing may measure, in a file that COMPARATOR_CLUSTERS names',
      clusterFileSchema,
    ),
    topic('keys', 'Who may call the API, in a file that COMPARATOR_API_KEYS_FILE names', keyFileSchema),
    { name: 'metrics', title: 'What a requirement can be on', fields: metricFields() },
  ];
}

function topic(name: string, title: string, schema: z.ZodType): Topic {
  const fields = fieldsOf(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema)
    // The workload has a topic of its own.
    .filter(({ path }) => !path.startsWith('workload.'))
    .map((field) => (field.path === 'workload' ? { ...field, allowed: 'see workload' } : field));
  return { name, title, fields };
}

/** The file of prices, and each price that it can have. */
function pricesTopic(): Topic {
  const file = topic(
    'prices',
    'Prices in place of the built-in ones, in a file that COMPARATOR_PRICES names',
    priceFileSchema,
  );
  const names = priceNames().map(({ technology, item, price: { usd, unit } }) => ({
    path: `prices[].usd.${item}`,
    allowed: `of ${technology}`,
    defaultText: String(usd),
    description: `USD per ${unit}`,
  }));
  return { ...file, fields: [...file.fields, ...names] };
}

/** Fields of an object, those of its objects and lists behind them, each choice of shape with its own. */
export function fieldsOf(schema: JsonSchema, path = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const own = path ? `${path}.${name}` : name;
    return [fieldOf(own, field), ...innerFields(field, own)];
  });
}

function fieldOf(path: string, schema: JsonSchema): Field {
  const { description = '', default: preset } = schema;
  return {
    path,
    allowed: allowedText(schema),
    defaultText: preset === undefined ? null : JSON.stringify(preset),
    description,
  };
}

function innerFields(schema: JsonSchema, path: string): Field[] {
  if (schema.items) return innerFields(schema.items, `${path}[]`);
  const shapes = (schema.oneOf ?? schema.anyOf ?? []).filter(({ properties }) => properties);
  if (shapes.length === 0) return fieldsOf(schema, path);
  return shapes.flatMap((shape) => {
    const [named] = Object.entries(shape.properties ?? {}).filter(([, field]) => field.const !== undefined);
    if (!named) return fieldsOf(shape, path);
    const [discriminator, { const: value, description = '' }] = named;
    const others = Object.fromEntries(
      Object.entries(shape.properties ?? {}).filter(([name]) => name !== discriminator),
    );
    const choice = {
      path: `${path}.${discriminator}: ${value}`,
      allowed: '',
      defaultText: null,
      description,
    };
    return [choice, ...fieldsOf({ ...shape, properties: others }, path)];
  });
}

/** What a value may be, in words. */
export function allowedText(schema: JsonSchema): string {
  const { type, minimum, exclusiveMinimum, maximum } = schema;
  const choices = choicesOf(schema);
  if (choices) return choices.join(', ');
  if (type === 'boolean') return 'true, false';
  if (type === 'array') return 'a list';
  if (type === 'object' || schema.oneOf) return 'an object';
  const noun = type === 'integer' ? 'whole number' : type === 'number' ? 'number' : 'text';
  const lowest = minimum ?? (exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}`);
  const range = [lowest, maximum].map((bound) =>
    typeof bound === 'number' ? bound.toLocaleString('en-US') : bound,
  );
  if (range[0] !== undefined && range[1] !== undefined) return `${noun}, ${range[0]} to ${range[1]}`;
  if (range[1] !== undefined) return `${noun}, at most ${range[1]}`;
  return range[0] === undefined || maximum !== undefined ? noun : `${noun}, at least ${range[0]}`;
}

/** Values that can be told one by one; null where there are too many kinds. */
function choicesOf(schema: JsonSchema): unknown[] | null {
  if (schema.propertyNames?.enum) return [`an object of ${schema.propertyNames.enum.join(', ')}`];
  // Metrics have a topic of their own.
  if (schema.anyOf?.some(({ enum: paths = [] }) => paths.length > 20)) return ['see metrics'];
  if (schema.enum) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  const values = (schema.anyOf ?? schema.oneOf ?? []).map((one) => one.const);
  return values.length > 0 && values.every((value) => value !== undefined) ? values : null;
}

function metricFields(): Field[] {
  return [...metricPaths, 'perPartition.N'].map((path) => ({
    path,
    allowed: unitOf(path),
    defaultText: null,
    description: meaningOf(path),
  }));
}

function unitOf(path: string): string {
  if (path.endsWith('Ms')) return 'milliseconds';
  if (path.endsWith('messagesPerSecond')) return 'messages per second';
  if (path.endsWith('bytesPerSecond')) return 'bytes per second';
  return path.endsWith('Seconds') ? 'seconds' : 'messages';
}

function meaningOf(path: string): string {
  const [group, name = ''] = path.split('.');
  const meanings: Record<string, Record<string, string>> = {
    messages: messageCounts,
    throughput: throughputSides,
    latency: latencyKinds,
    perPartition: { N: 'Received from partition, shard or subject N, from 0 on' },
  };
  return meanings[group ?? '']?.[name] ?? 'The measured time';
}

/** The whole reference as a page. */
export function referenceMarkdown(): string {
  const parts = topics().map(({ name, title, fields }) => {
    const rows = fields.map(
      ({ path, allowed, defaultText, description }) =>
        `| \`${path}\` | ${cell(allowed)} | ${defaultText === null ? '' : `\`${defaultText}\``} | ${cell(description)} |`,
    );
    return [
      `## ${name}`,
      `${title}.`,
      ['| field | may be | default | |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ].join('\n\n');
  });
  return `${[
    '# Everything that a file can say',
    'Made from the schemas by `npm run reference`; `npx comparator explain` shows the same, and `npx comparator validate FILE` checks a file against it.',
    ...parts,
  ].join('\n\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
