import { useState } from 'react';
import { fieldId } from '../draft/pointer.ts';
import { useForm } from '../draft/use-draft.ts';
import { faultOf, textOfValue, valuesOfText } from './field-values.ts';
import { inWords } from './field-words.ts';
import type { FieldSpec } from './schema-fields.ts';

interface SweepFieldProps {
  field: FieldSpec;
  values: readonly unknown[];
  /** Of the variant. */
  index: number;
  /** One value takes its place. */
  onEnd: () => void;
}

/** Several values of a setting; each makes a variant of its own. */
export function SweepField({ field, values, index, onEnd }: SweepFieldProps) {
  const { draft, set, faultWithin } = useForm();
  const [typed, setTyped] = useState(textOfValue(values));
  const path = ['variants', index, 'sweep'] as const;
  const id = fieldId([...path, field.name]);
  const own = faultOf({ ...field, kind: 'list', item: field }, values);
  const fault = own ?? faultWithin(...path, field.name);
  const change = (text: string) => {
    setTyped(text);
    set([...path, field.name], valuesOfText(field, text));
  };
  const end = () => {
    onEnd();
    const { [field.name]: _, ...others } = draft.variants[index]?.sweep ?? {};
    set(['variants', index, 'settings', field.name], values[0]);
    set(path, Object.keys(others).length > 0 ? others : undefined);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{inWords(field.name)}, each of</label>
      <input
        id={id}
        value={typed}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-help${fault ? ` ${id}-fault` : ''}`}
        onChange={(event) => change(event.target.value)}
      />
      <p id={`${id}-help`} className="help">
        {field.choices.length > 0 ? field.choices.map(String).join(', ') : field.help}. Separate them by a
        comma and a space.
      </p>
      {fault && (
        <p id={`${id}-fault`} className="fault">
          {fault}
        </p>
      )}
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
