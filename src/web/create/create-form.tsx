import { useId, useState } from 'react';
import type { JsonSchema } from '../../analysis/report/reference.ts';
import type { TechnologyAnswer } from '../../contracts/documents/api.ts';
import type { Guarantee } from '../../technologies/guarantee.ts';
import { type Draft, freshName } from './draft.ts';
import { SchemaField } from './fields/schema-field.tsx';
import { fieldsOfSchema } from './fields/schema-fields.ts';
import { OpenFile } from './open-file.tsx';
import { jsonPointer } from './pointer.ts';
import { PreviewPart } from './preview/preview-part.tsx';
import { type Preview, usePreview } from './preview/use-preview.ts';
import { RequirementsForm } from './requirements-form.tsx';
import { StartButton } from './start-button.tsx';
import { starters } from './starters.ts';
import { FormContext, useDraft, useForm } from './use-draft.ts';
import { VariantForm } from './variant-form.tsx';
import { WorkloadForm } from './workload-form.tsx';

interface CreateFormProps {
  technologies: readonly TechnologyAnswer[];
  /** Of a comparison, as the API describes it. */
  schema: JsonSchema;
  initial: Draft;
}

/** A comparison, written; the server is asked what it thinks of it whenever the typing rests. */
export function CreateForm({ technologies, schema, initial }: CreateFormProps) {
  const [generation, setGeneration] = useState(0);
  const { draft, setDraft, set } = useDraft(initial);
  const preview = usePreview(draft);
  const faultAt = (...path: (string | number)[]) => preview.faults.get(jsonPointer(path));
  const replace = (next: Draft) => {
    setDraft(next);
    // Fields keep what was typed; of another draft they are others.
    setGeneration((last) => last + 1);
  };
  return (
    <FormContext value={{ draft, set, faultAt }}>
      <div className="stack wide">
        <div className="row spread">
          <h1>New comparison</h1>
          <OpenFile onOpen={replace} />
        </div>
        <Starters draft={draft} onChoose={replace} />
        <form className="with-preview" key={generation} onSubmit={(event) => event.preventDefault()}>
          <div className="stack wide">
            <General schema={schema} />
            <section className="card stack" aria-labelledby="f-load">
              <h2 id="f-load">The load that all get</h2>
              <WorkloadForm schema={schema.properties?.workload ?? {}} />
            </section>
            <section className="card stack" aria-labelledby="f-requirements">
              <h2 id="f-requirements">What they must meet</h2>
              <RequirementsForm />
            </section>
            <Variants technologies={technologies} preview={preview} />
          </div>
          <aside className="stack" aria-label="Before it starts">
            <PreviewPart draft={draft} preview={preview} />
            <StartButton draft={draft} isReady={preview.answer !== null && !preview.isStale} />
          </aside>
        </form>
      </div>
    </FormContext>
  );
}

function Starters({ draft, onChoose }: { draft: Draft; onChoose: (draft: Draft) => void }) {
  return (
    <section className="stack" aria-labelledby="f-starters">
      <h2 id="f-starters">Begin with a question</h2>
      <div className="starters">
        {starters.map(({ title, text, draft: begun }) => (
          <button
            key={title}
            type="button"
            className="starter"
            aria-pressed={draft.name === begun.name}
            onClick={() => onChoose(begun)}
          >
            <strong>{title}</strong>
            <span className="soft small">{text}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

function General({ schema }: { schema: JsonSchema }) {
  const { draft, set, faultAt } = useForm();
  const id = useId();
  const fault = faultAt('name');
  const fields = fieldsOfSchema(schema).filter(({ name }) => name === 'repetitions' || name === 'seed');
  return (
    <section className="card form-grid" aria-label="Name and repetitions">
      <div className="field">
        <label htmlFor={id}>Name</label>
        <input
          id={id}
          value={draft.name}
          aria-invalid={fault !== undefined}
          onChange={(event) => set(['name'], event.target.value)}
        />
        {fault && <p className="fault">{fault}</p>}
      </div>
      {fields.map((field) => (
        <SchemaField
          key={field.name}
          field={field}
          value={draft[field.name as 'repetitions' | 'seed']}
          fault={faultAt(field.name)}
          onChange={(value) => set([field.name], value)}
        />
      ))}
    </section>
  );
}

function Variants({
  technologies,
  preview,
}: {
  technologies: readonly TechnologyAnswer[];
  preview: Preview;
}) {
  const { draft, set } = useForm();
  const add = () => {
    const name = freshName('Variant', draft.variants);
    const variant = { name, technology: technologies[0]?.id ?? 'kafka', target: 'local', settings: {} };
    set(['variants'], [...draft.variants, variant]);
  };
  return (
    <section className="stack" aria-labelledby="f-variants">
      <div className="row spread">
        <h2 id="f-variants">What is compared</h2>
        <button type="button" className="button" onClick={add}>
          Add a variant
        </button>
      </div>
      <div className="variant-grid">
        {draft.variants.map((variant, index) => (
          <VariantForm
            // biome-ignore lint/suspicious/noArrayIndexKey: variants are their places, and their names are being typed
            key={`${draft.variants.length} ${index}`}
            index={index}
            technologies={technologies}
            guarantee={guaranteeOf(preview, variant.name, draft)}
          />
        ))}
      </div>
    </section>
  );
}

/** What an acknowledgement of a variant is worth, by the server's answer; of a sweep, of its first. */
function guaranteeOf({ answer }: Preview, name: string, { variants }: Draft): string | null {
  if (!answer) return null;
  if ('guarantee' in answer) return variants.length === 1 ? inWords(answer.guarantee) : null;
  const found = answer.guarantees.find((one) => one.name === name || one.name.startsWith(`${name}, `));
  return found ? inWords(found.guarantee) : null;
}

function inWords({ processCrash, powerLoss, nodeLoss, explanation }: Guarantee): string {
  const fates = [
    ['a server crash', processCrash],
    ['a power loss', powerLoss],
    ['the loss of a node', nodeLoss],
  ].map(([what, fate]) => `${fate === 'survives' ? '✓ survives' : '✗ may be lost by'} ${what}`);
  return `An acknowledged message: ${fates.join(', ')}. ${explanation}`;
}
