import type { Submission } from '../draft/draft.ts';

/** A command that starts it; where a key is needed, it takes it from the environment, so that none is copied about. */
export function curlCommand({ kind, document }: Submission, origin: string, needsKey: boolean): string {
  const body = JSON.stringify(document, null, 2).replaceAll("'", "'\\''");
  const lines = [
    `curl -X POST ${origin}/api/${kind}`,
    ...(needsKey ? [`-H "Authorization: Bearer \${COMPARATOR_API_KEYS%%,*}"`] : []),
    "-H 'Content-Type: application/json'",
    `-d '${body}'`,
  ];
  return lines.join(' \\\n  ');
}
