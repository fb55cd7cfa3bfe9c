import { harmless } from '../../analysis/report/harmless-text.ts';
import type { JsonSchema } from '../../analysis/report/reference.ts';
import type { TechnologyAnswer } from '../../contracts/documents/api.ts';
import { isProvisioned } from '../../contracts/input/keeping/kept.ts';
import type { Draft } from './draft/draft.ts';
import { faultWithin } from './draft/faults.ts';
import { fieldId, jsonPointer, type Path } from './draft/pointer.ts';
import { type Starter, starters } from './draft/starters.ts';
import { FormContext, type Replaced, useDraft, useForm } from './draft/use-draft.ts';
import { inWords } from './fields/field-words.ts';
import { TextField } from './fields/plain-fields.tsx';
import { SchemaField } from './fields/schema-field.tsx';
import { fieldsOfSchema } from './fields/schema-fields.ts';
import { OpenFile } from './open-file.tsx';
import { PreviewPart } from './preview/preview-part.tsx';
import { resolvedWorkload } from './preview/resolved.ts';
import { usePreview } from './preview/use-preview.ts';
import { RequirementsForm } from './requirements-form.tsx';
import { StartButton } from './start-button.tsx';
import { Variants } from './variants-form.tsx';
import { WorkloadForm } from './workload-form.tsx';

interface CreateFormProps {
  technologies: readonly TechnologyAnswer[];
  /** Of a comparison, as the API describes it. */
  schema: JsonSchema;
  initial: Draft;
  /** The path of what it is a copy of. */
  source: string | null;
  /** What could have been begun with. */
  replaced: Replaced | null;
}

/** A comparison, written; the server is asked what it thinks of it whenever the typing rests. */
export function CreateForm({ technologies, schema, initial, source, ...given }: CreateFormProps) {
  const form = useDraft(initial, source, given.replaced);
  const { draft, generation, replaced, set, setInstead, replace } = form;
  const preview = usePreview(draft);
  const { faults } = preview;
  const at = (...path: Path) => faults.get(jsonPointer(path));
  const within = (...path: Path) => faultWithin(faults, path);
  return (
    <FormContext value={{ draft, set, setInstead, faultAt: at, faultWithin: within }}>
      <div className="stack wide">
        <div className="row spread">
          <h1>New comparison</h1>
          <OpenFile onOpen={(opened, name) => replace(opened, `Opened ${name}.`)} />
        </div>
        <Starters
          draft={draft}
          onChoose={({ title, draft: begun }) => replace(begun, `Replaced by “${title}”.`)}
        />
        {replaced && <Undo replaced={replaced} onUndo={replace} />}
        <form className="with-preview" key={generation} onSubmit={(event) => event.preventDefault()}>
          <div className="stack wide">
            <General schema={schema} />
            <section className="card stack" aria-labelledby="f-load">
              <h2 id="f-load">The load that all get</h2>
              <WorkloadForm
                schema={schema.properties?.workload ?? {}}
                resolved={resolvedWorkload(preview.answer)}
              />
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

interface UndoProps {
  replaced: Replaced;
  onUndo: (draft: Draft, told: string) => void;
}

/** What took the place of what was typed, and the way back; which can be taken back as well. */
function Undo({ replaced: { draft, told, action }, onUndo }: UndoProps) {
  return (
    <div role="status" className="notice row">
      <span>{harmless(told)}</span>
      <button type="button" className="button small" onClick={() => onUndo(draft, 'As it was before.')}>
        {action}
      </button>
    </div>
  );
}

function Starters({ draft, onChoose }: { draft: Draft; onChoose: (starter: Starter) => void }) {
  return (
    <section className="stack" aria-labelledby="f-starters">
      <h2 id="f-starters">Begin with a question</h2>
      <div className="starters">
        {starters.map((starter) => (
          <button
            key={starter.title}
            type="button"
            className="starter"
            aria-pressed={draft.name === starter.draft.name}
            onClick={() => onChoose(starter)}
          >
            <strong>{starter.title}</strong>
            <span className="soft small">{starter.text}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

function General({ schema }: { schema: JsonSchema }) {
  const { draft, set, faultAt } = useForm();
  const fields = fieldsOfSchema(schema).filter(({ name }) => name === 'repetitions' || name === 'seed');
  return (
    <section className="card form-grid" aria-label="Name and repetitions">
      <TextField
        id={fieldId(['name'])}
        label="Name"
        value={draft.name}
        fault={faultAt('name')}
        onChange={(name) => set(['name'], name)}
      />
      {fields.map((field) => (
        <SchemaField
          key={field.name}
          field={field}
          path={[field.name]}
          value={draft[field.name as 'repetitions' | 'seed']}
          fault={faultAt(field.name)}
          onChange={(value) => set([field.name], value)}
        />
      ))}
      <KeepField schema={schema} />
      <CloudFields schema={schema} />
    </section>
  );
}

/** For how long it stays to look inside: asked for where a variant makes anything, or where it was written. */
function KeepField({ schema }: { schema: JsonSchema }) {
  const { draft, set, faultAt } = useForm();
  const { variants, others = {} } = draft;
  if (!variants.some(({ target }) => isProvisioned(target)) && !('keepMinutes' in others)) return null;
  return fieldsOfSchema(schema)
    .filter(({ name }) => name === 'keepMinutes')
    .map((field) => (
      <SchemaField
        key={field.name}
        field={field}
        path={['keepMinutes']}
        value={others.keepMinutes}
        fault={faultAt('keepMinutes')}
        onChange={(value) => set(['others'], withOther(draft, 'keepMinutes', value))}
      />
    ));
}

/** What else is in the document, with another value of one; undefined where nothing is left. */
function withOther({ others }: Draft, name: string, value: unknown): Draft['others'] {
  const left = Object.entries({ ...others, [name]: value }).filter(([, one]) => one !== undefined);
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/** Where in AWS it runs, and what it may cost: asked for once a variant is to run there, or where it was written. */
function CloudFields({ schema }: { schema: JsonSchema }) {
  const { draft, set, faultAt } = useForm();
  const { variants, others = {} } = draft;
  const isAsked = variants.some(({ target }) => target === 'aws') || 'region' in others || 'budget' in others;
  if (!isAsked) return null;
  const budget = (others.budget ?? {}) as Record<string, unknown>;
  const put = (name: string, value: unknown) => set(['others'], withOther(draft, name, value));
  return (
    <>
      {fieldsOfSchema(schema)
        .filter(({ name }) => name === 'region')
        .map((field) => (
          <SchemaField
            key={field.name}
            field={field}
            path={['region']}
            value={others.region}
            fault={faultAt('region')}
            onChange={(value) => put('region', value)}
          />
        ))}
      {fieldsOfSchema(schema.properties?.budget ?? {}).map((field) => (
        <SchemaField
          key={field.name}
          field={field}
          path={['budget', field.name]}
          label={`Budget: ${inWords(field.name).replace(/^./, (first) => first.toLowerCase())}`}
          value={budget[field.name]}
          fault={faultAt('budget', field.name)}
          onChange={(value) => {
            const next = Object.entries({ ...budget, [field.name]: value }).filter(
              ([, one]) => one !== undefined,
            );
            put('budget', next.length > 0 ? Object.fromEntries(next) : undefined);
          }}
        />
      ))}
    </>
  );
}
