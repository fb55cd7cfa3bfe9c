import { harmless } from '../../analysis/report/harmless-text.ts';

/** What somebody called something: no letter of it turns round, or hides, what stands beside it. */
export function Name({ children }: { children: string }) {
  return <bdi className="name">{harmless(children)}</bdi>;
}
