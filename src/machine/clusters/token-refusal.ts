/**
 * Why a broker does not take a token: with OAUTHBEARER it answers a refusal as JSON where others answer nothing (RFC 7628).
 * @returns null where it takes it
 */
export function refusalIn(answer: Buffer): string | null {
  if (answer.length === 0) return null;
  const text = answer.toString();
  try {
    const { status } = JSON.parse(text) as { status?: unknown };
    if (typeof status === 'string') return `the broker does not take the token: ${status}`;
  } catch {
    // No JSON: told as it is.
  }
  return `the broker does not take the token: ${text.slice(0, 200)}`;
}
