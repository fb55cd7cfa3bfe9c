import type { ReactNode } from 'react';
import { fieldId, type Path } from '../draft/pointer.ts';
import { faultOf, textOfValue, valueOfText } from './field-values.ts';
import { inWords } from './field-words.ts';
import { UnknownOption } from './plain-fields.tsx';
import type { FieldSpec } from './schema-fields.ts';
import { TypedInput } from './typed-input.tsx';

interface SchemaFieldProps {
  field: FieldSpec;
  /** Where in the draft its value stands. */
  path: Path;
  value: unknown;
  /** What the server says is wrong with it. */
  fault?: string;
  onChange: (value: unknown) => void;
  /** Another name than the field's own. */
  label?: string;
  /** Beside its name. */
  action?: ReactNode;
}

/** One field as its schema describes it: what it may be, what it is by default, and what is wrong with it. */
export function SchemaField({ field, path, value, fault, onChange, label, action }: SchemaFieldProps) {
  const id = fieldId(path);
  const problem = faultOf(field, value) ?? fault ?? null;
  const described = `${id}-help${problem ? ` ${id}-fault` : ''}`;
  const choices = (field.kind === 'switch' ? [true, false] : field.choices).map(String);
  const common = { id, 'aria-invalid': problem !== null, 'aria-describedby': described };
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id}>{label ?? inWords(field.name)}</label>
        {action}
      </div>
      {field.kind === 'choice' || field.kind === 'switch' ? (
        <select
          {...common}
          value={textOfValue(value)}
          onChange={(event) => onChange(valueOfText(field, event.target.value))}
        >
          {(!field.isRequired || value === undefined) && <option value="">{presetInWords(field)}</option>}
          <UnknownOption value={textOfValue(value)} known={['', ...choices]} />
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <TypedInput field={field} value={value} onChange={onChange} attributes={common} />
      )}
      <p id={`${id}-help`} className="help">
        {field.help}
        {rangeInWords(field)}
      </p>
      {problem && (
        <p id={`${id}-fault`} className="fault">
          {problem}
        </p>
      )}
    </div>
  );
}

function presetInWords({ preset, isRequired }: FieldSpec): string {
  if (preset !== undefined) return `default (${textOfValue(preset)})`;
  return isRequired ? 'choose' : 'not set';
}

function rangeInWords({ kind, lowest, isLowestExcluded, highest }: FieldSpec): string {
  if (kind !== 'number' || lowest === null || highest === null || highest > 1e12) return '';
  const [from, to] = [lowest, highest].map((bound) => bound.toLocaleString('en-US'));
  return isLowestExcluded ? ` (more than ${from}, up to ${to})` : ` (${from} to ${to})`;
}
