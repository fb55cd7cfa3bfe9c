import { useEffect, useState } from 'react';
import type { ComparisonDryRun, ExperimentDryRun } from '../../../contracts/documents/api.ts';
import { ApiError, post } from '../../data/api.ts';
import { type Draft, pointerInDraft, submissionOf } from '../draft.ts';

/** What the server says of a draft that is not sent yet. */
export interface Preview {
  answer: ExperimentDryRun | ComparisonDryRun | null;
  /** What is wrong with it, by where in the draft that is. */
  faults: ReadonlyMap<string, string>;
  error: ApiError | null;
  /** Whether this is of an earlier state of the draft. */
  isStale: boolean;
}

/** A pause in typing after which the server is asked. */
const pauseMs = 350;

/** Has the server check the draft, whenever it rests. */
export function usePreview(draft: Draft): Preview {
  const text = JSON.stringify(draft);
  const [state, setState] = useState<{ text: string; answer: Preview['answer']; error: ApiError | null }>({
    text: '',
    answer: null,
    error: null,
  });
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const { kind, document } = submissionOf(JSON.parse(text));
      post<ExperimentDryRun | ComparisonDryRun>(`/api/${kind}?dryRun=true`, document, stop.signal)
        .then((answer) => setState({ text, answer, error: null }))
        .catch((error) => {
          if (!stop.signal.aborted) setState({ text, answer: null, error: asApiError(error) });
        });
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  return { ...state, faults: faultsOf(draft, state.error), isStale: state.text !== text };
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(String(error), null);
}

/** What the server found wrong, by where in the draft it is. */
function faultsOf(draft: Draft, error: ApiError | null): ReadonlyMap<string, string> {
  const { kind } = submissionOf(draft);
  const found = error?.problem?.errors ?? [];
  return new Map(found.map(({ pointer, detail }) => [pointerInDraft(kind, pointer), detail]));
}
