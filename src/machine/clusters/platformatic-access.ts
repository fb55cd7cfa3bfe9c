import { isIP } from 'node:net';
import { AuthenticationError, type ConnectionOptions } from '@platformatic/kafka';
import type { KafkaAccess } from './kafka-access.ts';
import { refusalIn } from './token-refusal.ts';

/** How to get into a cluster, as @platformatic/kafka takes it; where it is goes beside. */
export function platformaticAccess({
  bootstrapServers,
  tls,
  sasl,
}: KafkaAccess): Pick<ConnectionOptions, 'tls' | 'tlsServerName' | 'sasl'> {
  const isNamed = !bootstrapServers.some((server) => isIP(server.slice(0, server.lastIndexOf(':'))));
  return {
    ...(tls && { tls, tlsServerName: isNamed }),
    ...(sasl && { sasl: sasl.mechanism === 'OAUTHBEARER' ? bearer(sasl.token) : sasl }),
  };
}

/** By itself the library takes a broker's refusal for a welcome. */
function bearer(token: () => Promise<string>): NonNullable<ConnectionOptions['sasl']> {
  return {
    mechanism: 'OAUTHBEARER',
    token,
    authBytesValidator(answer, callback) {
      const why = refusalIn(answer);
      if (why) callback(new AuthenticationError(why));
      else callback(null, answer);
    },
  };
}
