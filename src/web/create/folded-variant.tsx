import { memo } from 'react';
import { Name } from '../parts/name.tsx';
import type { DraftVariant } from './draft/draft.ts';
import { fieldId } from './draft/pointer.ts';
import { textOfValue } from './fields/field-values.ts';

interface FoldedProps {
  index: number;
  variant: DraftVariant;
  fault: string | undefined;
  itsKey: number;
  onEdit: (index: number, key: number) => void;
}

/** A variant of many, in a few words, until it is edited. */
export const FoldedVariant = memo(function FoldedVariant(props: FoldedProps) {
  const { index, variant, fault, itsKey, onEdit } = props;
  const { name, technology, target, settings, sweep } = variant;
  const values = Object.entries(settings).map(([setting, value]) => `${setting} ${textOfValue(value)}`);
  const swept = Object.entries(sweep ?? {}).map(
    ([setting, several]) => `${setting} each of ${textOfValue(several)}`,
  );
  return (
    <section
      id={fieldId(['variants', index])}
      data-folded
      tabIndex={-1}
      className={`card row spread edge-${(index % 8) + 1}`}
      aria-label={`Variant ${index + 1}: ${name}`}
    >
      <div>
        <strong>
          <Name>{name}</Name>
        </strong>
        <p className="soft small">
          <Name>{[`${technology} on ${target}`, ...values, ...swept].join(', ')}</Name>
        </p>
        {fault && <p className="fault">{fault}</p>}
      </div>
      <button
        type="button"
        className="button"
        aria-label={`Edit ${name}`}
        onClick={() => onEdit(index, itsKey)}
      >
        Edit
      </button>
    </section>
  );
});
