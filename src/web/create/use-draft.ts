import { createContext, useCallback, useContext, useState } from 'react';
import { type Draft, withValue } from './draft.ts';

export type Path = readonly (string | number)[];

/** What the parts of the form work with. */
export interface Form {
  draft: Draft;
  set: (path: Path, value: unknown) => void;
  /** What the server says is wrong at a path. */
  faultAt: (...path: (string | number)[]) => string | undefined;
}

export const FormContext = createContext<Form | null>(null);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error('a field outside the form');
  return form;
}

/** The draft and the ways to change it. */
export function useDraft(initial: Draft) {
  const [draft, setDraft] = useState(initial);
  const set = useCallback(
    (path: Path, value: unknown) => setDraft((last) => withValue(last, path, value)),
    [],
  );
  return { draft, setDraft, set };
}
