import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { keyNeeded } from './data/api.ts';
import { keptKey } from './data/key.ts';
import { useKeptFocus } from './kept-focus.ts';
import { ListView } from './list/list-view.tsx';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { KeyForm } from './parts/key-form.tsx';
import { Loading } from './parts/states.tsx';

const ExperimentView = lazy(() =>
  import('./experiment/experiment-view.tsx').then(({ ExperimentView }) => ({ default: ExperimentView })),
);
const ComparisonView = lazy(() =>
  import('./comparison/comparison-view.tsx').then(({ ComparisonView }) => ({ default: ComparisonView })),
);
const PickedView = lazy(() =>
  import('./comparison/picked-view.tsx').then(({ PickedView }) => ({ default: PickedView })),
);
const CreateView = lazy(() =>
  import('./create/create-view.tsx').then(({ CreateView }) => ({ default: CreateView })),
);

/** Why a key is asked for. */
type Asked = 'refused' | 'changing' | null;

/** The whole page: a view for each path, and above all a key where the API asks for one. */
export function App() {
  const [asked, setAsked] = useState<Asked>(null);
  const [generation, setGeneration] = useState(0);
  const [path] = useLocation();
  const content = useTopOnNavigation(path);
  useKeptFocus();
  useEffect(() => {
    const ask = () => setAsked('refused');
    keyNeeded.addEventListener('needed', ask);
    return () => keyNeeded.removeEventListener('needed', ask);
  }, []);
  const leave = () => {
    setAsked(null);
    // The form that was filled in goes.
    content.current?.focus({ preventScroll: true });
  };
  const retry = () => {
    leave();
    setGeneration((last) => last + 1);
  };
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <Top onChangeKey={() => setAsked('changing')} />
      <main id="content" tabIndex={-1} ref={content}>
        {asked && (
          <KeyForm
            wasRefused={asked === 'refused'}
            onKept={retry}
            onLeave={asked === 'changing' ? leave : null}
          />
        )}
        {/* The key that is refused must not be sent on and on; what was typed is kept. */}
        {asked !== 'refused' && (
          <div hidden={asked !== null}>
            <ErrorBoundary key={`${path} ${generation}`}>
              <Suspense fallback={<Loading height="view" />}>
                <Views key={generation} />
              </Suspense>
            </ErrorBoundary>
          </div>
        )}
      </main>
    </>
  );
}

/** Whoever follows a link begins at the top of what has come, also by keyboard; the way back leads to where one was. */
function useTopOnNavigation(path: string) {
  const content = useRef<HTMLElement>(null);
  const shown = useRef(path);
  const isWayBack = useRef(false);
  useEffect(() => {
    const note = ({ type }: Event) => {
      isWayBack.current = type === 'popstate';
    };
    const kinds = ['popstate', 'pushState', 'replaceState'];
    for (const kind of kinds) window.addEventListener(kind, note);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, note);
    };
  }, []);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    content.current?.focus({ preventScroll: true });
    if (!isWayBack.current) window.scrollTo(0, 0);
  }, [path]);
  return content;
}

function Views() {
  return (
    <Switch>
      <Route path="/">
        <ListView />
      </Route>
      <Route path="/new">
        <CreateView />
      </Route>
      <Route path="/experiments/:id">{({ id }) => <ExperimentView key={id} id={id} />}</Route>
      <Route path="/comparisons/:id">{({ id }) => <ComparisonView key={id} id={id} />}</Route>
      <Route path="/compare">
        <PickedView />
      </Route>
      <Route>
        <h1>There is nothing here</h1>
        <p>
          <Link href="/">All experiments and comparisons</Link>
        </p>
      </Route>
    </Switch>
  );
}

function Top({ onChangeKey }: { onChangeKey: () => void }) {
  const [path] = useLocation();
  const here = (href: string) => (path === href ? 'page' : undefined);
  return (
    <header className="top">
      <Link className="brand" href="/">
        <img src={new URL('./icon.svg', import.meta.url).href} alt="" width="24" height="24" />
        Data Engineering Comparator
      </Link>
      <nav aria-label="Main">
        <Link href="/" aria-current={here('/')}>
          Results
        </Link>
        <Link href="/new" aria-current={here('/new')}>
          New
        </Link>
        <a href="/docs">API</a>
        {keptKey() !== null && (
          <button type="button" className="as-link" onClick={onChangeKey}>
            Change the key
          </button>
        )}
      </nav>
    </header>
  );
}
