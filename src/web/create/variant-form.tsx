import { harmless } from '../../analysis/report/harmless-text.ts';
import type { TechnologyAnswer } from '../../contracts/documents/api.ts';
import type { DraftVariant } from './draft/draft.ts';
import { fieldId } from './draft/pointer.ts';
import { useForm } from './draft/use-draft.ts';
import { withTechnology } from './draft/variants.ts';
import { ChoiceField, TextField } from './fields/plain-fields.tsx';
import { SchemaField } from './fields/schema-field.tsx';
import { type FieldSpec, fieldsOfSchema } from './fields/schema-fields.ts';
import { SweepField } from './fields/sweep-field.tsx';
import { withResolved } from './preview/resolved.ts';
import { useFocusAfter } from './use-focus-after.ts';

/** Settings that are seen at once; the rest is one click away. */
const mainSettings = 4;

interface VariantFormProps {
  index: number;
  technologies: readonly TechnologyAnswer[];
  /** What is guaranteed under its settings, in words; none while it is not known. */
  guarantees: readonly string[];
  /** Its settings with every default filled in; empty while they are not known. */
  resolved: Readonly<Record<string, unknown>>;
  onClone: () => void;
  /** null where it is the only one. */
  onRemove: (() => void) | null;
}

/** One of the variants that stand side by side. */
export function VariantForm(props: VariantFormProps) {
  const { index, technologies, guarantees, resolved, onClone, onRemove } = props;
  const { draft } = useForm();
  const variant = draft.variants[index] as DraftVariant;
  const technology = technologies.find(({ id }) => id === variant.technology);
  const { needs = [], lacks = [] } = technology?.targets[variant.target] ?? {};
  const known = technology ? fieldsOfSchema(technology.settingsSchema) : [];
  const fields = withResolved(known, variant.settings, resolved)
    .filter(({ name }) => !lacks.includes(name) || variant.settings[name] !== undefined)
    .map((field) => (needs.includes(field.name) ? { ...field, isRequired: true } : field))
    .sort((one, other) => Number(other.isRequired) - Number(one.isRequired));
  const isMain = ({ name }: FieldSpec, at: number) =>
    at < mainSettings || variant.settings[name] !== undefined || variant.sweep?.[name] !== undefined;
  const others = fields.filter((field, at) => !isMain(field, at));
  // One that gets a value moves to the main ones.
  const focusAfter = useFocusAfter();
  return (
    <section
      id={fieldId(['variants', index])}
      tabIndex={-1}
      className={`card stack edge-${(index % 8) + 1}`}
      aria-label={`Variant ${index + 1}: ${variant.name}`}
    >
      <VariantHead index={index} variant={variant} technologies={technologies} />
      {technology && <p className="help">{technology.targets[variant.target]?.note ?? technology.summary}</p>}
      {fields.filter(isMain).map((field) => (
        <Setting key={field.name} field={field} index={index} focusAfter={focusAfter} />
      ))}
      {others.length > 0 && (
        <details>
          <summary>{others.length} more settings</summary>
          <div className="stack">
            {others.map((field) => (
              <Setting key={field.name} field={field} index={index} focusAfter={focusAfter} />
            ))}
          </div>
        </details>
      )}
      {guarantees.length > 0 && (
        <div className="notice small stack">
          {guarantees.map((guarantee) => (
            <p key={guarantee}>{harmless(guarantee)}</p>
          ))}
        </div>
      )}
      <div className="row">
        <button type="button" className="button" aria-label={`Clone ${variant.name}`} onClick={onClone}>
          Clone
        </button>
        {onRemove && (
          <button type="button" className="button" aria-label={`Remove ${variant.name}`} onClick={onRemove}>
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
  const { draft, set, setInstead, faultAt } = useForm();
  const path = ['variants', index] as const;
  const targets = Object.keys(technologies.find(({ id }) => id === variant.technology)?.targets ?? {});
  const changeTechnology = (id: string) => {
    const next = withTechnology(draft.variants, index, id, technologies);
    const isTyped = Object.keys({ ...variant.settings, ...variant.sweep }).length > 0;
    if (isTyped) setInstead(path, next, `“${variant.name}” became “${next.name}”, with settings of its own.`);
    else set(path, next);
  };
  return (
    <>
      <TextField
        id={fieldId([...path, 'name'])}
        label="Name"
        value={variant.name}
        fault={faultAt(...path, 'name') ?? faultAt(...path)}
        onChange={(name) => set([...path, 'name'], name)}
      />
      <ChoiceField
        id={fieldId([...path, 'technology'])}
        label="Technology"
        value={variant.technology}
        choices={technologies.map(({ id, label }) => ({ value: id, label }))}
        fault={faultAt(...path, 'technology')}
        onChange={changeTechnology}
      />
      {(targets.length > 1 || !targets.includes(variant.target)) && (
        <ChoiceField
          id={fieldId([...path, 'target'])}
          label="Target"
          value={variant.target}
          choices={targets.map((target) => ({ value: target, label: target }))}
          fault={faultAt(...path, 'target')}
          onChange={(target) => set([...path, 'target'], target)}
        />
      )}
    </>
  );
}

interface SettingProps {
  field: FieldSpec;
  index: number;
  focusAfter: (id: string) => void;
}

/** One value, or several to try each. */
function Setting({ field, index, focusAfter }: SettingProps) {
  const { draft, set, faultWithin } = useForm();
  const { settings, sweep } = draft.variants[index] as DraftVariant;
  const path = ['variants', index] as const;
  const swept = sweep?.[field.name];
  const begin = () => {
    focusAfter(fieldId([...path, 'sweep', field.name]));
    set([...path, 'settings', field.name], undefined);
    set([...path, 'sweep'], {
      ...sweep,
      [field.name]: [settings[field.name] ?? field.preset ?? field.choices[0] ?? 1],
    });
  };
  if (swept) {
    const onEnd = () => focusAfter(fieldId([...path, 'settings', field.name]));
    return <SweepField field={field} values={swept} index={index} onEnd={onEnd} />;
  }
  return (
    <SchemaField
      field={field}
      path={[...path, 'settings', field.name]}
      value={settings[field.name]}
      fault={faultWithin(...path, 'settings', field.name)}
      onChange={(value) => set([...path, 'settings', field.name], value)}
      action={
        field.kind !== 'object' &&
        field.kind !== 'list' && (
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
