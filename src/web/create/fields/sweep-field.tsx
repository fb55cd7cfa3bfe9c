import { useId, useState } from 'react';
import { useForm } from '../use-draft.ts';
import { inWords } from './schema-field.tsx';
import { type FieldSpec, faultOf, textOfValue, valueOfText } from './schema-fields.ts';

interface SweepFieldProps {
  field: FieldSpec;
  values: readonly unknown[];
  /** Of the variant. */
  index: number;
}

/** Several values of a setting; each makes a variant of its own. */
export function SweepField({ field, values, index }: SweepFieldProps) {
  const { draft, set, faultAt } = useForm();
  const id = useId();
  const [typed, setTyped] = useState(values.map(textOfValue).join(', '));
  const path = ['variants', index, 'sweep'] as const;
  const faults = values.flatMap(
    (value, at) => faultOf(field, value) ?? faultAt(...path, field.name, at) ?? [],
  );
  const fault = faultAt(...path, field.name) ?? faults[0];
  const change = (text: string) => {
    setTyped(text);
    const given = text.split(',').flatMap((part) => valueOfText(field, part) ?? []);
    set([...path, field.name], given);
  };
  const end = () => {
    const { [field.name]: _, ...others } = draft.variants[index]?.sweep ?? {};
    set(path, Object.keys(others).length > 0 ? others : undefined);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{inWords(field.name)}, each of</label>
      <input
        id={id}
        value={typed}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => change(event.target.value)}
      />
      <p id={`${id}-help`} className="help">
        {field.choices.length > 0 ? field.choices.map(String).join(', ') : field.help}. Separate them by
        commas.
      </p>
      {fault && <p className="fault">{fault}</p>}
      <div>
        <button
          type="button"
          className="button quiet small"
          aria-label={`Only one value of ${field.name}`}
          onClick={end}
        >
          Only one
        </button>
      </div>
    </div>
  );
}
