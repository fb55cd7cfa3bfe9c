import { useEffect, useState } from 'react';
import type { ComparisonDryRun, ExperimentDryRun } from '../../../contracts/documents/api.ts';
import { type ApiError, asApiError, post } from '../../data/api.ts';
import { backoffMs } from '../../data/backoff.ts';
import { type Draft, pointerInDraft, submissionOf } from '../draft/draft.ts';
import type { Faults } from '../draft/faults.ts';

/** What the server says of a draft that is not sent yet. */
export interface Preview {
  answer: ExperimentDryRun | ComparisonDryRun | null;
  /** What is wrong with it, by where in the draft that is. */
  faults: Faults;
  error: ApiError | null;
  /** Whether this is of an earlier state of the draft. */
  isStale: boolean;
}

/** A pause in typing after which the server is asked. */
const pauseMs = 350;

/** Has the server check the draft whenever it rests, again and again where it does not answer. */
export function usePreview(draft: Draft): Preview {
  const text = JSON.stringify(draft);
  const [state, setState] = useState<{ text: string; answer: Preview['answer']; error: ApiError | null }>({
    text: '',
    answer: null,
    error: null,
  });
  useEffect(() => {
    const stop = new AbortController();
    let failures = 0;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      const { kind, document } = submissionOf(JSON.parse(text));
      try {
        const path = `/api/${kind}?dryRun=true`;
        const answer = await post<ExperimentDryRun | ComparisonDryRun>(path, document, stop.signal);
        if (!stop.signal.aborted) setState({ text, answer, error: null });
      } catch (caught) {
        if (stop.signal.aborted) return;
        const error = asApiError(caught);
        setState({ text, answer: null, error });
        failures += 1;
        if (error.mayPass) timer = setTimeout(ask, backoffMs(failures));
      }
    };
    timer = setTimeout(ask, pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  return { ...state, faults: faultsOf(draft, state.error), isStale: state.text !== text };
}

/** What the server found wrong, by where in the draft it is. */
export function faultsOf(draft: Draft, error: ApiError | null): Faults {
  const { kind } = submissionOf(draft);
  const found = error?.problem?.errors ?? [];
  return new Map(found.map(({ pointer, detail }) => [pointerInDraft(kind, pointer), detail]));
}
