import { placeInWords } from './draft/fault-words.ts';
import type { Faults } from './draft/faults.ts';
import { fieldId, partsOfPointer } from './draft/pointer.ts';
import { useForm } from './draft/use-draft.ts';

/** What is wrong, a line each that leads to its field. */
export function FaultList({ faults }: { faults: Faults }) {
  const { draft } = useForm();
  return (
    <ul>
      {[...faults].map(([pointer, detail]) => (
        <li key={pointer}>
          <button type="button" className="as-link" onClick={() => goTo(pointer)}>
            {placeInWords(pointer, draft)}
          </button>{' '}
          {detail}
        </li>
      ))}
    </ul>
  );
}

/** To the field, or to what it is a part of. */
function goTo(pointer: string): void {
  const parts = partsOfPointer(pointer);
  for (let length = parts.length; length > 0; length--) {
    const element = document.getElementById(fieldId(parts.slice(0, length)));
    if (!element) continue;
    element.closest('details')?.setAttribute('open', '');
    element.focus();
    element.scrollIntoView({ block: 'center' });
    return;
  }
}
