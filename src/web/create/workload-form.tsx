import type { JsonSchema } from '../../analysis/report/reference.ts';
import { fieldId, type Path } from './draft/pointer.ts';
import { useForm } from './draft/use-draft.ts';
import { inWords } from './fields/field-words.ts';
import { ChoiceField } from './fields/plain-fields.tsx';
import { SchemaField } from './fields/schema-field.tsx';
import { type FieldSpec, fieldsOfSchema, shapesOf } from './fields/schema-fields.ts';
import { withResolved } from './preview/resolved.ts';
import { useFocusAfter } from './use-focus-after.ts';

interface WorkloadFormProps {
  schema: JsonSchema;
  /** The load with every default filled in; empty while it is not known. */
  resolved: Readonly<Record<string, unknown>>;
}

/** The load that all variants get. */
export function WorkloadForm({ schema, resolved }: WorkloadFormProps) {
  const { load = {}, keys = {}, payload = {} } = schema.properties ?? {};
  const { draft } = useForm();
  const fields = withResolved(fieldsOfSchema(schema), draft.workload, resolved);
  const hasSteps = (draft.workload.load as { shape?: string } | undefined)?.shape === 'steps';
  const main = ['messageSizeBytes', 'durationSeconds', 'warmupSeconds', 'maxWarmupSeconds'];
  const shown = fields.filter(({ name }) => main.includes(name) && !(hasSteps && name === 'durationSeconds'));
  return (
    <div className="stack">
      <ShapedFields schema={load} path={['workload', 'load']} label="Shape of the load" />
      <div className="form-grid">
        <Fields fields={shown} path={['workload']} />
      </div>
      <details>
        <summary>Clients, keys and payload</summary>
        <div className="stack">
          <div className="form-grid">
            <Fields fields={fields.filter(({ name }) => !main.includes(name))} path={['workload']} />
          </div>
          <ShapedFields schema={keys} path={['workload', 'keys']} label="Keys" />
          <ShapedFields schema={payload} path={['workload', 'payload']} label="Payload" />
        </div>
      </details>
    </div>
  );
}

function Fields({ fields, path }: { fields: readonly FieldSpec[]; path: Path }) {
  const { draft, set, faultWithin } = useForm();
  return fields.map((field) => (
    <SchemaField
      key={field.name}
      field={field}
      path={[...path, field.name]}
      value={valueAt(draft, [...path, field.name])}
      fault={faultWithin(...path, field.name)}
      onChange={(value) => set([...path, field.name], value)}
    />
  ));
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) value = (value as Record<string | number, unknown> | undefined)?.[part];
  return value;
}

/** An object with several shapes: which of them, and then its fields. */
function ShapedFields({ schema, path, label }: { schema: JsonSchema; path: Path; label: string }) {
  const { draft, set, setInstead, faultAt } = useForm();
  const shapes = shapesOf(schema);
  const by = shapes[0]?.by ?? 'shape';
  const given = (valueAt(draft, path) ?? schema.default ?? {}) as Record<string, unknown>;
  const chosen = String(given[by] ?? '');
  const shape = shapes.find(({ value }) => value === chosen);
  const choose = (value: string) => {
    const next = beginning(value, by, given);
    const isTyped = Object.keys(given).length > 1;
    if (isTyped) setInstead(path, next, `${label}: “${chosen}” became “${value}”.`);
    else set(path, next);
  };
  return (
    <div className="form-grid">
      <ChoiceField
        id={fieldId([...path, by])}
        label={label}
        value={chosen}
        choices={shapes.map(({ value }) => ({ value, label: value.replaceAll('-', ' ') }))}
        help={shape?.help}
        fault={faultAt(...path) ?? faultAt(...path, by)}
        onChange={choose}
      />
      {shape && (
        <>
          <Fields fields={fieldsOfSchema(shape.schema)} path={path} />
          {shape.schema.properties?.steps?.items && (
            <Steps schema={shape.schema.properties.steps.items} path={[...path, 'steps']} />
          )}
        </>
      )}
    </div>
  );
}

/** A new shape, with something in it that works. */
function beginning(value: string, by: string, last: Record<string, unknown>): object {
  const rate = typeof last.messagesPerSecond === 'number' ? last.messagesPerSecond : 1_000;
  switch (value) {
    case 'constant':
      return { [by]: value, messagesPerSecond: rate };
    case 'steps':
      return { [by]: value, steps: [{ messagesPerSecond: rate, seconds: 10 }] };
    case 'uniform':
    case 'zipf':
      return { [by]: value, cardinality: 1_000 };
    default:
      return { [by]: value };
  }
}

function Steps({ schema, path }: { schema: JsonSchema; path: Path }) {
  const { draft, set } = useForm();
  const steps = (valueAt(draft, path) as object[] | undefined) ?? [];
  const fields = fieldsOfSchema(schema);
  const focusAfter = useFocusAfter();
  const change = (changed: object[], focusAt: number) => {
    const index = Math.min(focusAt, changed.length - 1);
    focusAfter(fieldId([...path, index, fields[0]?.name ?? '']));
    set(path, changed);
  };
  return steps.map((_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: steps are their places
    <fieldset key={index} className="field step">
      <legend className="label">Step {index + 1}</legend>
      {fields.map((field) => (
        <StepField key={field.name} field={field} path={[...path, index, field.name]} />
      ))}
      <div className="row">
        <button
          type="button"
          className="button quiet"
          aria-label={`Add a step after step ${index + 1}`}
          onClick={() => change(steps.toSpliced(index + 1, 0, { ...steps[index] }), index + 1)}
        >
          Add after
        </button>
        {steps.length > 1 && (
          <button
            type="button"
            className="button quiet"
            aria-label={`Remove step ${index + 1}`}
            onClick={() => change(steps.toSpliced(index, 1), index)}
          >
            Remove
          </button>
        )}
      </div>
    </fieldset>
  ));
}

function StepField({ field, path }: { field: FieldSpec; path: Path }) {
  const { draft, set, faultAt } = useForm();
  return (
    <SchemaField
      field={{ ...field, help: '' }}
      label={inWords(field.name)}
      path={path}
      value={valueAt(draft, path)}
      fault={faultAt(...path)}
      onChange={(value) => set(path, value)}
    />
  );
}
