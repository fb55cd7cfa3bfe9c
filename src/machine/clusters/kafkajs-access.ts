// Of its errors, Node finds none by its name.
import kafkajs, { type Mechanism } from 'kafkajs';
import type { KafkaAccess, Sasl } from './kafka-access.ts';
import { refusalIn } from './token-refusal.ts';

/** Where a cluster is, and who one is there, as kafkajs takes it. */
export function kafkajsAccess({ bootstrapServers, tls, sasl }: KafkaAccess) {
  return {
    brokers: bootstrapServers,
    ...(tls && { ssl: tls }),
    ...(sasl && { sasl: saslOf(sasl) }),
  };
}

function saslOf(sasl: Sasl) {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain' as const, username: sasl.username, password: sasl.password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256' as const, username: sasl.username, password: sasl.password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512' as const, username: sasl.username, password: sasl.password };
    case 'OAUTHBEARER':
      return bearer(sasl.token);
  }
}

/**
 * kafkajs's own OAUTHBEARER takes a broker's refusal for a welcome, and then wonders at the connection that breaks: the
 * reason lies in the answer's bytes, at which it does not look.
 */
function bearer(token: () => Promise<string>): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const refused = (why: string) =>
          Object.assign(
            new kafkajs.KafkaJSNonRetriableError(`SASL OAUTHBEARER authentication failed: ${why}`),
            {
              name: 'KafkaJSSASLAuthenticationError',
            },
          );
        const request = firstMessage(
          await token().catch((error: Error) => Promise.reject(refused(error.message))),
        );
        const why = await saslAuthenticate({
          request: { encode: () => request },
          response: {
            // Behind their length.
            decode: (bytes: Buffer) => bytes.subarray(4),
            parse: (bytes: Buffer) => refusalIn(bytes),
          },
        }).catch((error: Error) => Promise.reject(refused(error.message)));
        if (why) throw refused(why);
      },
    }),
  };
}

/** RFC 7628's first message of a client, behind its length. */
function firstMessage(token: string): Buffer {
  const message = Buffer.from(`n,,\x01auth=Bearer ${token}\x01\x01`);
  const framed = Buffer.alloc(4 + message.length);
  framed.writeInt32BE(message.length);
  message.copy(framed, 4);
  return framed;
}
