import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import { type Draft, withValue } from './draft.ts';
import { keepDraft } from './kept-draft.ts';
import type { Path } from './pointer.ts';

/** What the parts of the form work with. */
export interface Form {
  draft: Draft;
  set: (path: Path, value: unknown) => void;
  /** Sets what takes something away that was typed, and offers to undo that. */
  setInstead: (path: Path, value: unknown, told: string) => void;
  /** What the server says is wrong at a path. */
  faultAt: (...path: Path) => string | undefined;
  /** What it says is wrong there, or at any part of it. */
  faultWithin: (...path: Path) => string | undefined;
}

export const FormContext = createContext<Form | null>(null);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error('a field outside the form');
  return form;
}

/** A draft that another one has taken the place of. */
export interface Replaced {
  draft: Draft;
  told: string;
  action: string;
}

/** A draft, the ways to change it, and what it was before it was replaced. It is kept while the tab lives. */
export function useDraft(initial: Draft, source: string | null, beginning: Replaced | null) {
  const [draft, setDraft] = useState(initial);
  const [replaced, setReplaced] = useState(beginning);
  // Fields keep what was typed; of another draft they are others.
  const [generation, setGeneration] = useState(0);
  useEffect(() => {
    if (draft !== initial) keepDraft(source, draft);
  }, [draft, initial, source]);
  const set = useCallback(
    (path: Path, value: unknown) => setDraft((last) => withValue(last, path, value)),
    [],
  );
  const setInstead = (path: Path, value: unknown, told: string) => {
    setReplaced({ draft, told, action: 'Undo' });
    set(path, value);
  };
  const replace = (next: Draft, told: string, action = 'Undo') => {
    setReplaced({ draft, told, action });
    setDraft(next);
    setGeneration((last) => last + 1);
  };
  return { draft, generation, replaced, set, setInstead, replace };
}
