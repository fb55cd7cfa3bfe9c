import { Link } from 'wouter';
import { starters } from '../create/draft/starters.ts';

/** What this is for, where nothing was ever compared. */
export function Welcome() {
  return (
    <div className="stack">
      <p className="answer">
        The comparator starts Kafka, NATS and others under the load that you describe, measures what becomes
        of every message, and says which of them meets your requirements.
      </p>
      <p className="soft">
        Experiments that were run each by itself are <Link href="/?show=experiments">under Experiments</Link>.
      </p>
      <h2>Begin with a question</h2>
      <div className="starters">
        {starters.map(({ id, title, text }) => (
          <Link key={id} className="starter" href={`/new?starter=${id}`}>
            <strong>{title}</strong>
            <span className="soft small">{text}</span>
          </Link>
        ))}
      </div>
    </div>
  );
}
