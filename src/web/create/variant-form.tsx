import { useId } from 'react';
import type { TechnologyAnswer } from '../../contracts/documents/api.ts';
import { type DraftVariant, freshName } from './draft.ts';
import { SchemaField } from './fields/schema-field.tsx';
import { type FieldSpec, fieldsOfSchema } from './fields/schema-fields.ts';
import { SweepField } from './fields/sweep-field.tsx';
import { useForm } from './use-draft.ts';

/** Settings that are seen at once; the rest is one click away. */
const mainSettings = 4;

interface VariantFormProps {
  index: number;
  technologies: readonly TechnologyAnswer[];
  /** What is guaranteed under its settings, in words; null while it is not known. */
  guarantee: string | null;
}

/** One of the variants that stand side by side. */
export function VariantForm({ index, technologies, guarantee }: VariantFormProps) {
  const { draft, set } = useForm();
  const variant = draft.variants[index] as DraftVariant;
  const technology = technologies.find(({ id }) => id === variant.technology);
  const { needs = [], lacks = [] } = technology?.targets[variant.target] ?? {};
  const fields = (technology ? fieldsOfSchema(technology.settingsSchema) : [])
    .filter(({ name }) => !lacks.includes(name) || variant.settings[name] !== undefined)
    .map((field) => (needs.includes(field.name) ? { ...field, isRequired: true } : field))
    .sort((one, other) => Number(other.isRequired) - Number(one.isRequired));
  const isMain = ({ name }: FieldSpec, at: number) =>
    at < mainSettings || variant.settings[name] !== undefined || variant.sweep?.[name] !== undefined;
  const others = fields.filter((field, at) => !isMain(field, at));
  return (
    <section
      className={`card stack edge-${(index % 8) + 1}`}
      aria-label={`Variant ${index + 1}: ${variant.name}`}
    >
      <VariantHead index={index} variant={variant} technologies={technologies} />
      {technology && <p className="help">{technology.targets[variant.target]?.note ?? technology.summary}</p>}
      {fields.filter(isMain).map((field) => (
        <Setting key={field.name} field={field} index={index} />
      ))}
      {others.length > 0 && (
        <details>
          <summary>{others.length} more settings</summary>
          <div className="stack">
            {others.map((field) => (
              <Setting key={field.name} field={field} index={index} />
            ))}
          </div>
        </details>
      )}
      {guarantee && <p className="notice small">{guarantee}</p>}
      <div className="row">
        <button
          type="button"
          className="button"
          aria-label={`Clone ${variant.name}`}
          onClick={() => {
            const clone = { ...structuredClone(variant), name: freshName(variant.name, draft.variants) };
            set(['variants'], draft.variants.toSpliced(index + 1, 0, clone));
          }}
        >
          Clone
        </button>
        {draft.variants.length > 1 && (
          <button
            type="button"
            className="button"
            aria-label={`Remove ${variant.name}`}
            onClick={() => set(['variants'], draft.variants.toSpliced(index, 1))}
          >
            Remove
          </button>
        )}
      </div>
    </section>
  );
}

interface VariantHeadProps {
  index: number;
  variant: DraftVariant;
  technologies: readonly TechnologyAnswer[];
}

function VariantHead({ index, variant, technologies }: VariantHeadProps) {
  const { set, faultAt } = useForm();
  const id = useId();
  const path = ['variants', index] as const;
  const fault = faultAt(...path, 'name') ?? faultAt(...path) ?? faultAt(...path, 'technology');
  const targets = Object.keys(technologies.find(({ id }) => id === variant.technology)?.targets ?? {});
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          id={`${id}-name`}
          value={variant.name}
          aria-invalid={fault !== undefined}
          onChange={(event) => set([...path, 'name'], event.target.value)}
        />
        {fault && <p className="fault">{fault}</p>}
      </div>
      <div className="field">
        <label htmlFor={`${id}-technology`}>Technology</label>
        <select
          id={`${id}-technology`}
          value={variant.technology}
          onChange={(event) =>
            set(path, { name: variant.name, technology: event.target.value, target: 'local', settings: {} })
          }
        >
          {technologies.map(({ id: one, label }) => (
            <option key={one} value={one}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {targets.length > 1 && (
        <div className="field">
          <label htmlFor={`${id}-target`}>Target</label>
          <select
            id={`${id}-target`}
            value={variant.target}
            onChange={(event) => set([...path, 'target'], event.target.value)}
          >
            {targets.map((target) => (
              <option key={target}>{target}</option>
            ))}
          </select>
        </div>
      )}
    </>
  );
}

/** One value, or several to try each. */
function Setting({ field, index }: { field: FieldSpec; index: number }) {
  const { draft, set, faultAt } = useForm();
  const { settings, sweep } = draft.variants[index] as DraftVariant;
  const path = ['variants', index] as const;
  const swept = sweep?.[field.name];
  const begin = () => {
    set([...path, 'settings', field.name], undefined);
    set([...path, 'sweep'], {
      ...sweep,
      [field.name]: [settings[field.name] ?? field.preset ?? field.choices[0] ?? 1],
    });
  };
  if (swept) return <SweepField field={field} values={swept} index={index} />;
  return (
    <SchemaField
      field={field}
      value={settings[field.name]}
      fault={faultAt(...path, 'settings', field.name)}
      onChange={(value) => set([...path, 'settings', field.name], value)}
      action={
        field.kind !== 'object' && (
          <button
            type="button"
            className="as-link small"
            aria-label={`Try several values of ${field.name}`}
            onClick={begin}
          >
            try several
          </button>
        )
      }
    />
  );
}
