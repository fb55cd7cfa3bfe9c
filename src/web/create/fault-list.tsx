import { useLayoutEffect, useState } from 'react';
import { placeInWords } from './draft/fault-words.ts';
import type { Faults } from './draft/faults.ts';
import { fieldId, partsOfPointer } from './draft/pointer.ts';
import { unknownPart } from './draft/unknown-parts.ts';
import { useForm } from './draft/use-draft.ts';

/** What is wrong, a line each that leads to its field, or takes away what has none. */
export function FaultList({ faults }: { faults: Faults }) {
  const { draft, setInstead } = useForm();
  const fields = useFieldIds();
  return (
    <ul>
      {[...faults].map(([pointer, detail]) => {
        const unknown = unknownPart(pointer, draft, fields);
        const place = placeInWords(pointer, draft);
        return (
          <li key={pointer}>
            {unknown ? (
              <strong>{place}</strong>
            ) : (
              <button type="button" className="as-link" onClick={() => goTo(pointer)}>
                {place}
              </button>
            )}{' '}
            {detail}{' '}
            {unknown && (
              <button
                type="button"
                className="button small"
                aria-label={`Remove ${place}`}
                onClick={(event) => {
                  // What was pressed goes once the server has looked again.
                  event.currentTarget.closest('section')?.focus();
                  setInstead(unknown, undefined, `Removed “${place}”.`);
                }}
              >
                Remove it
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Ids of the fields that the form shows now. */
function useFieldIds(): readonly string[] {
  const [joined, setJoined] = useState('');
  useLayoutEffect(() => {
    const fields = document.querySelectorAll('input[id^="at/"], select[id^="at/"], [data-folded]');
    setJoined([...fields].map(({ id }) => id).join('\n'));
  });
  return joined.split('\n');
}

/** To the field, or to what it is a part of. */
function goTo(pointer: string): void {
  const parts = partsOfPointer(pointer);
  for (let length = parts.length; length > 0; length--) {
    const element = document.getElementById(fieldId(parts.slice(0, length)));
    if (!element) continue;
    element.closest('details')?.setAttribute('open', '');
    const way = element.matches('[data-folded]') ? element.querySelector('button') : null;
    (way ?? element).focus();
    element.scrollIntoView({ block: 'center' });
    return;
  }
}
