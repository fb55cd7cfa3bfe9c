import { useEffect, useId, useRef, useState } from 'react';

interface ChoiceProps {
  label: string;
  value: string;
  choices: readonly (string | { value: string; label: string })[];
  onChange: (value: string) => void;
}

/** One of a few, or any. */
export function ChoiceFilter({ label, value, choices, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">any</option>
        {choices.map((choice) => {
          const { value: one, label: name } =
            typeof choice === 'string' ? { value: choice, label: choice } : choice;
          return (
            <option key={one} value={one}>
              {name}
            </option>
          );
        })}
      </select>
    </div>
  );
}

interface FilterProps {
  value: string;
  onChange: (value: string) => void;
}

export function OutcomeFilter(props: FilterProps) {
  return <ChoiceFilter label="Outcome" choices={['completed', 'failed', 'cancelled']} {...props} />;
}

const states = [
  { value: 'true', label: 'running' },
  { value: 'false', label: 'closed' },
];

/** By the query's `open`. */
export function StateFilter(props: FilterProps) {
  return <ChoiceFilter label="State" choices={states} {...props} />;
}

/** A part of a text; asked for once the person has stopped typing. */
export function TextFilter({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  // Somebody else has changed it: a link, or the way back.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      onChange(typed);
    }, 250);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
    </div>
  );
}
