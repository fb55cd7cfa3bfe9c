import { type ReactNode, useId, useState } from 'react';
import { type FieldSpec, faultOf, textOfValue, valueOfText } from './schema-fields.ts';

interface SchemaFieldProps {
  field: FieldSpec;
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
export function SchemaField({ field, value, fault, onChange, label, action }: SchemaFieldProps) {
  const id = useId();
  const problem = faultOf(field, value) ?? fault ?? null;
  const described = `${id}-help${problem ? ` ${id}-fault` : ''}`;
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
          {(field.kind === 'switch' ? [true, false] : field.choices).map((choice) => (
            <option key={String(choice)} value={String(choice)}>
              {String(choice)}
            </option>
          ))}
        </select>
      ) : (
        <TextInput field={field} value={value} onChange={onChange} common={common} />
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

interface TextInputProps {
  field: FieldSpec;
  value: unknown;
  onChange: (value: unknown) => void;
  common: object;
}

/** Keeps what is being typed, for `1.` is a number that is not finished. */
function TextInput({ field, value, onChange, common }: TextInputProps) {
  const [typed, setTyped] = useState(textOfValue(value));
  const isSame = JSON.stringify(valueOfText(field, typed)) === JSON.stringify(value);
  return (
    <input
      {...common}
      inputMode={field.kind === 'number' ? 'decimal' : undefined}
      className={field.kind === 'number' ? 'number' : undefined}
      value={isSame ? typed : textOfValue(value)}
      placeholder={textOfValue(field.preset)}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(valueOfText(field, event.target.value));
      }}
    />
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

/** `messageSizeBytes` as `message size, bytes`. */
export function inWords(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const named = words
    .replace(/ per second$/, '/s')
    .replace(/ (bytes|seconds|ms|megabytes|hours|percent)$/, ', $1');
  return named.charAt(0).toUpperCase() + named.slice(1);
}
