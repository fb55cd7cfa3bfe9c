import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { JsonSchema } from '../../analysis/report/reference.ts';
import type { ComparisonDetail, ExperimentDetail, TechnologyAnswer } from '../../contracts/documents/api.ts';
import { getJson } from '../data/api.ts';
import { useResource } from '../data/use-resource.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { useTitle } from '../parts/words.tsx';
import { CreateForm } from './create-form.tsx';
import type { Draft } from './draft/draft.ts';
import { draftOf } from './draft/draft-of.ts';
import { keptDraft } from './draft/kept-draft.ts';
import { starters } from './draft/starters.ts';
import { withoutDefaults } from './draft/without-defaults.ts';

interface OpenApi {
  components: { schemas: { Comparison: JsonSchema } };
}

/** `/new`, also with `?experiment=` or `?comparison=` of which it begins as a copy, or with a `?starter=`. */
export function CreateView() {
  useTitle('New comparison');
  const [parameters] = useSearchParams();
  const path = copyPath(parameters);
  const starter = starters.find(({ id }) => id === parameters.get('starter'));
  const source = path ?? starter?.id ?? null;
  const technologies = useResource('technologies', (signal) =>
    getJson<{ items: TechnologyAnswer[] }>('/api/technologies', signal),
  );
  const openApi = useResource('openapi', (signal) => getJson<OpenApi>('/openapi.json', signal));
  const copied = useResource(path, (signal) =>
    getJson<ExperimentDetail | ComparisonDetail>(path ?? '', signal),
  );
  const failed = [technologies, openApi, copied].find(({ error }) => error);
  if (failed?.error) {
    return (
      <div className="stack wide">
        <h1>New comparison</h1>
        <Failure error={failed.error} onRetry={failed.reload} />
        <p>
          <Link href="/">All experiments and comparisons</Link>
        </p>
      </div>
    );
  }
  const schema = openApi.data?.components.schemas.Comparison;
  if (!technologies.data || !schema || (path && !copied.data)) {
    return (
      <div className="stack wide">
        <h1>New comparison</h1>
        <Loading height="view" />
      </div>
    );
  }
  return (
    <Begun
      key={source}
      technologies={technologies.data.items}
      schema={schema}
      source={source}
      fresh={
        copied.data?.spec
          ? withoutDefaults(draftOf(copied.data.spec), schema, technologies.data.items)
          : (starter ?? starters[0]).draft
      }
    />
  );
}

interface BegunProps {
  technologies: readonly TechnologyAnswer[];
  schema: JsonSchema;
  source: string | null;
  /** What one begins with who has typed nothing yet. */
  fresh: Draft;
}

/** Goes on with what was typed before, where there is something. */
function Begun({ fresh, source, ...others }: BegunProps) {
  const [kept] = useState(() => keptDraft(source));
  const isOther = kept !== null && JSON.stringify(kept) !== JSON.stringify(fresh);
  const replaced = { draft: fresh, told: 'This is how you left it.', action: 'Begin anew' };
  return (
    <CreateForm {...others} source={source} initial={kept ?? fresh} replaced={isOther ? replaced : null} />
  );
}

function copyPath(parameters: URLSearchParams): string | null {
  const [experiment, comparison] = [parameters.get('experiment'), parameters.get('comparison')];
  if (experiment) return `/api/experiments/${encodeURIComponent(experiment)}`;
  return comparison ? `/api/comparisons/${encodeURIComponent(comparison)}` : null;
}
