import { useSearchParams } from 'wouter';
import { mostPickedExperiments } from '../../contracts/documents/report/most-columns.ts';
import { withValue } from './use-pages.ts';

/** Experiments picked to be compared, in the order in which they were; they stand in the address. */
export interface Picks {
  ids: readonly string[];
  pick: (id: string, isPicked: boolean) => void;
  clear: () => void;
}

export function usePicks(): Picks {
  const [parameters, setParameters] = useSearchParams();
  const idsOf = (given: URLSearchParams) => given.get('picked')?.split('.') ?? [];
  const change = (to: (ids: string[]) => string[]) =>
    setParameters((last) => withValue(last, 'picked', to(idsOf(last)).join('.')), {
      replace: true,
      state: history.state,
    });
  return {
    ids: idsOf(parameters),
    pick: (id, isPicked) =>
      change((ids) => {
        const others = ids.filter((one) => one !== id);
        return isPicked && others.length < mostPickedExperiments ? [...others, id] : others;
      }),
    clear: () => change(() => []),
  };
}
