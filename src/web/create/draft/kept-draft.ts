import { comparisonOf, type Draft } from './draft.ts';
import { draftOf } from './draft-of.ts';

/** Where a draft is kept while the tab lives, for each thing of which it began as a copy. */
function placeOf(source: string | null): string {
  return `comparator-draft ${source ?? ''}`;
}

/** null where none is kept, or none that the form could show. */
export function keptDraft(source: string | null, storage?: Storage): Draft | null {
  try {
    const text = (storage ?? sessionStorage).getItem(placeOf(source));
    return text === null ? null : draftAsTyped(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Where the browser keeps nothing, or no more, it is lost with the page. */
export function keepDraft(source: string | null, draft: Draft, storage?: Storage): void {
  try {
    (storage ?? sessionStorage).setItem(placeOf(source), JSON.stringify(comparisonOf(draft)));
  } catch {}
}

/** A number that is being typed may be a text as yet, which a file's may not. */
function draftAsTyped(document: Record<string, unknown>): Draft {
  const { repetitions, seed, ...rest } = document;
  const draft = draftOf(rest);
  const typed = Object.entries({ repetitions, seed }).filter(([, value]) => value !== undefined);
  return { ...draft, ...Object.fromEntries(typed) };
}
