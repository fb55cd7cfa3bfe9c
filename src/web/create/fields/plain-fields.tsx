import { type ReactNode, useId } from 'react';

interface PlainProps {
  id: string;
  label: string;
  value: string;
  help?: string;
  fault?: string;
  onChange: (value: string) => void;
}

/** A line of text. */
export function TextField(props: PlainProps) {
  const { id, value, onChange } = props;
  const describing = useDescribed(props);
  return (
    <Surrounded {...props} describing={describing.id}>
      <input
        id={id}
        value={value}
        {...describing.attributes}
        onChange={(event) => onChange(event.target.value)}
      />
    </Surrounded>
  );
}

interface Choice {
  value: string;
  label: string;
}

/** One of a few; a value that is none of them is shown as such. */
export function ChoiceField(props: PlainProps & { choices: readonly Choice[] }) {
  const { id, value, choices, onChange } = props;
  const describing = useDescribed(props);
  return (
    <Surrounded {...props} describing={describing.id}>
      <select
        id={id}
        value={value}
        {...describing.attributes}
        onChange={(event) => onChange(event.target.value)}
      >
        <UnknownOption value={value} known={choices.map((choice) => choice.value)} />
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Surrounded>
  );
}

/** Without it a browser would show the first option, which nobody has chosen. */
export function UnknownOption({ value, known }: { value: string; known: readonly string[] }) {
  if (known.includes(value)) return null;
  return <option value={value}>{value === '' ? 'choose' : `${value} (not known here)`}</option>;
}

function useDescribed({ help, fault }: PlainProps) {
  const id = useId();
  const ids = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean);
  const attributes = {
    'aria-invalid': fault !== undefined,
    'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined,
  };
  return { id, attributes };
}

function Surrounded({
  id,
  label,
  help,
  fault,
  describing,
  children,
}: PlainProps & { describing: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {help && (
        <p id={`${describing}-help`} className="help">
          {help}
        </p>
      )}
      {fault && (
        <p id={`${describing}-fault`} className="fault">
          {fault}
        </p>
      )}
    </div>
  );
}
