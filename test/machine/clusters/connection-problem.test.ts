import { expect, test } from '@jest/globals';
import { connectionProblem } from '../../../src/machine/clusters/connection-problem.ts';

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);

// As the libraries throw them; seen with a broker that refuses.
test.each([
  [
    'kafkajs, a password',
    error('SASL SCRAM SHA512 authentication failed: Authentication failed during authentication', {
      name: 'KafkaJSSASLAuthenticationError',
    }),
    {
      kind: 'authentication',
      message: 'SASL authentication failed: Authentication failed during authentication',
    },
  ],
  [
    'kafkajs, a password by PLAIN',
    error('SASL PLAIN authentication failed: Authentication failed: Invalid username or password', {
      name: 'KafkaJSSASLAuthenticationError',
    }),
    { kind: 'authentication', message: 'SASL authentication failed: Invalid username or password' },
  ],
  [
    '@platformatic/kafka, a password',
    error('Connection to 127.0.0.1:1 failed.', {
      code: 'PLT_KFK_NETWORK',
      cause: error('SASL authentication failed.', {
        code: 'PLT_KFK_AUTHENTICATION',
        cause: error('Received response with error', {
          response: { errorMessage: 'Authentication failed: Invalid username or password' },
          errors: [error('SASL authentication failed.')],
        }),
      }),
    }),
    { kind: 'authentication', message: 'SASL authentication failed: Invalid username or password' },
  ],
  [
    '@platformatic/kafka, a token that cannot be made',
    error('Connection to 127.0.0.1:1 failed.', {
      code: 'PLT_KFK_NETWORK',
      cause: error('The SASL/OAUTHBEARER token provider threw an error.', {
        code: 'PLT_KFK_AUTHENTICATION',
        cause: error('Could not load credentials from any providers'),
      }),
    }),
    {
      kind: 'authentication',
      message: 'SASL authentication failed: Could not load credentials from any providers',
    },
  ],
  [
    'kafkajs, a certificate',
    error('Connection error: self-signed certificate in certificate chain', {
      name: 'KafkaJSNumberOfRetriesExceeded',
      cause: error('Connection error: self-signed certificate in certificate chain', {
        name: 'KafkaJSConnectionError',
        code: 'SELF_SIGNED_CERT_IN_CHAIN',
      }),
    }),
    { kind: 'tls', message: 'TLS failed: self-signed certificate in certificate chain' },
  ],
  [
    '@platformatic/kafka, another host than the certificate names',
    error('Connection to kafka:1 failed.', {
      code: 'PLT_KFK_NETWORK',
      cause: error("Hostname/IP does not match certificate's altnames", {
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      }),
    }),
    { kind: 'tls', message: "TLS failed: Hostname/IP does not match certificate's altnames" },
  ],
  [
    'a broker that is away',
    error('Connection to 127.0.0.1:1 failed.', {
      code: 'PLT_KFK_NETWORK',
      cause: error('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' }),
    }),
    { kind: 'unreachable', message: 'it cannot be reached: connect ECONNREFUSED 127.0.0.1:1' },
  ],
  ['something else', error('The topic is invalid', { name: 'KafkaJSProtocolError' }), null],
  ['what is no error', 'text', null],
])('%s', (_what, told, problem) => {
  expect(connectionProblem(told)).toEqual(problem);
});
