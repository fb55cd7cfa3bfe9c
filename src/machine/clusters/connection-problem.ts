/** Why a cluster cannot be used. Only `unreachable` may pass by itself. */
export interface ConnectionProblem {
  kind: 'authentication' | 'tls' | 'unreachable';
  /** As a clause, with the reason that the broker, TLS or the network gave. */
  message: string;
}

interface Told {
  name?: string;
  code?: string;
  message?: string;
  cause?: unknown;
  errors?: unknown[];
  /** What a broker answered, where a library keeps it. */
  response?: { errorMessage?: string | null };
}

const tlsCodes =
  /^(CERT_\w+|(DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|UNABLE_TO_\w+|ERR_(TLS|SSL|OSSL)_\w+|INVALID_CA|HOSTNAME_MISMATCH)$/;
/** Where a library has put the error's message into its own and left the code out. */
const tlsWords =
  /self-signed certificate|unable to (verify the first|get (local )?issuer) certificate|certificate (has expired|is not yet valid)|does not match certificate|ssl3?_|tls alert/i;
const networkCodes = /^(E(CONN|HOST|NET)\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|PLT_KFK_(NETWORK|TIMEOUT))$/;
const networkNames = /^KafkaJS(Connection|NumberOfRetries|RequestTimeout|BrokerNotFound)/;

/** What a client's error says of the connection, however deep it lies; null where it is about something else. */
export function connectionProblem(error: unknown): ConnectionProblem | null {
  const told = [...everythingTold(error)];
  const refused = told.findLast(
    ({ name, code }) => name === 'KafkaJSSASLAuthenticationError' || code === 'PLT_KFK_AUTHENTICATION',
  );
  if (refused) {
    return { kind: 'authentication', message: `SASL authentication failed: ${brokersReason(refused)}` };
  }
  const tls = told.findLast(({ code = '', message = '' }) => tlsCodes.test(code) || tlsWords.test(message));
  if (tls) return { kind: 'tls', message: `TLS failed: ${unwrapped(tls)}` };
  const network = told.findLast(
    ({ code = '', name = '', message }) => message && (networkCodes.test(code) || networkNames.test(name)),
  );
  return network ? { kind: 'unreachable', message: `it cannot be reached: ${unwrapped(network)}` } : null;
}

/** An error and all that it was caused by, or made of, the outermost first. */
function* everythingTold(error: unknown, depth = 0): Generator<Told> {
  if (typeof error !== 'object' || error === null || depth > 10) return;
  const told = error as Told;
  yield told;
  for (const inner of [told.cause, ...(told.errors ?? [])]) yield* everythingTold(inner, depth + 1);
}

function brokersReason(error: Told): string {
  const all = [...everythingTold(error)];
  const answer = all.findLast(({ response }) => response?.errorMessage);
  // Without one the innermost knows best, such as that there are no credentials to sign a token with.
  const reason = answer?.response?.errorMessage ?? unwrapped(all.at(-1) ?? error);
  return reason.replace(/^((SASL [\w -]+ )?authentication failed[:.]\s*)+/i, '') || 'the broker says no more';
}

/** Without what kafkajs puts before the reason. */
function unwrapped({ message = '' }: Told): string {
  return message.replace(/^Connection error: /, '');
}
