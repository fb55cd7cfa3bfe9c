import { useCallback, useState } from 'react';
import type { TechnologyAnswer } from '../../contracts/documents/api.ts';
import type { DraftVariant } from './draft/draft.ts';
import { fieldId } from './draft/pointer.ts';
import { useForm } from './draft/use-draft.ts';
import { freshName } from './draft/variants.ts';
import { FoldedVariant } from './folded-variant.tsx';
import { guaranteesInWords } from './preview/guarantee-words.ts';
import { resolvedSettings } from './preview/resolved.ts';
import type { Preview } from './preview/use-preview.ts';
import { useFocusAfter } from './use-focus-after.ts';
import { VariantForm } from './variant-form.tsx';

/** More are a line each until one is edited: hundreds of forms would take a browser minutes to draw. */
const mostOpen = 24;

interface VariantsProps {
  technologies: readonly TechnologyAnswer[];
  preview: Preview;
}

/** What is compared, side by side. */
export function Variants({ technologies, preview }: VariantsProps) {
  const { draft, set, faultWithin } = useForm();
  const { variants } = draft;
  // Their names are being typed, and their places change.
  const [keys, setKeys] = useState(() => variants.map((_, index) => index));
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const focusAfter = useFocusAfter();
  const open = useCallback((key: number) => setOpened((last) => new Set([...last, key])), []);
  const isFolded = (index: number) => variants.length > mostOpen && !opened.has(keys[index] as number);
  const insert = (at: number, variant: DraftVariant) => {
    const key = Math.max(-1, ...keys) + 1;
    setKeys(keys.toSpliced(at, 0, key));
    open(key);
    set(['variants'], variants.toSpliced(at, 0, variant));
    focusAfter(fieldId(['variants', at, 'name']));
  };
  const add = () => {
    const { id = 'kafka', label = 'Kafka' } = technologies[0] ?? {};
    const name = freshName(label, variants);
    insert(variants.length, { name, technology: id, target: 'local', settings: {} });
  };
  const remove = (index: number) => {
    const beside = Math.min(index, variants.length - 2);
    setKeys(keys.toSpliced(index, 1));
    set(['variants'], variants.toSpliced(index, 1));
    focusAfter(fieldId(['variants', beside, 'name']), fieldId(['variants', beside]));
  };
  const edit = useCallback(
    (index: number, key: number) => {
      open(key);
      focusAfter(fieldId(['variants', index, 'name']));
    },
    [open, focusAfter],
  );
  return (
    <section className="stack" aria-labelledby="f-variants">
      <div className="row spread">
        <h2 id="f-variants">What is compared</h2>
        <button type="button" className="button" onClick={add}>
          Add a variant
        </button>
      </div>
      <div className="variant-grid">
        {variants.map((variant, index) =>
          isFolded(index) ? (
            <FoldedVariant
              key={keys[index]}
              index={index}
              variant={variant}
              fault={faultWithin('variants', index)}
              itsKey={keys[index] as number}
              onEdit={edit}
            />
          ) : (
            <VariantForm
              key={keys[index]}
              index={index}
              technologies={technologies}
              guarantees={guaranteesInWords(preview.answer, variants, index)}
              resolved={resolvedSettings(preview.answer, variant)}
              onClone={() =>
                insert(index + 1, { ...structuredClone(variant), name: freshName(variant.name, variants) })
              }
              onRemove={variants.length > 1 ? () => remove(index) : null}
            />
          ),
        )}
      </div>
    </section>
  );
}
