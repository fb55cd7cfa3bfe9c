import { useState } from 'react';
import { textOfValue, valueOfText } from './field-values.ts';
import type { FieldSpec } from './schema-fields.ts';

interface TypedInputProps {
  field: FieldSpec;
  value: unknown;
  onChange: (value: unknown) => void;
  attributes: object;
}

/** Keeps what is being typed, for `1.` is a number that is not finished. */
export function TypedInput({ field, value, onChange, attributes }: TypedInputProps) {
  const [typed, setTyped] = useState(textOfValue(value));
  const isSame = JSON.stringify(valueOfText(field, typed)) === JSON.stringify(value);
  return (
    <input
      {...attributes}
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
