import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Link, useLocation, useSearchParams } from 'wouter';
import { useTitle } from '../parts/words.tsx';
import { ComparisonsTable } from './comparisons-table.tsx';
import { ExperimentsTable } from './experiments-table.tsx';
import { NowCard } from './now-card.tsx';

/** `/`: what runs and needs somebody, then all that was ever run. */
export function ListView() {
  useTitle('Results');
  const [parameters] = useSearchParams();
  const [, navigate] = useLocation();
  const shown = parameters.get('show') === 'experiments' ? 'experiments' : 'comparisons';
  return (
    <div className="stack wide">
      <div className="row spread">
        <h1>Results</h1>
        <Link className="button main" href="/new">
          New comparison
        </Link>
      </div>
      <NowCard />
      <section className="card" aria-label="Past and running">
        <Tabs
          className="tabs"
          selectedKey={shown}
          onSelectionChange={(key) => navigate(key === 'experiments' ? '/?show=experiments' : '/')}
        >
          <TabList aria-label="What is listed">
            <Tab id="comparisons">Comparisons</Tab>
            <Tab id="experiments">Experiments</Tab>
          </TabList>
          <TabPanel id="comparisons">
            <ComparisonsTable />
          </TabPanel>
          <TabPanel id="experiments">
            <ExperimentsTable />
          </TabPanel>
        </Tabs>
      </section>
    </div>
  );
}
