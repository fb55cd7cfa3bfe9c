import { createHash } from 'node:crypto';
import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

/** A JWT of NATS's, which the issuer has signed. */
function signed(issuer: KeyPair, subject: KeyPair, name: string, nats: object): string {
  const claims = {
    iat: Math.floor(Date.now() / 1_000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name,
    nats: { ...nats, version: 2 },
  };
  const jti = base32(createHash('sha256').update(JSON.stringify(claims)).digest());
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part({ ...claims, jti })}`;
  const signature = issuer.sign(new TextEncoder().encode(body));
  return `${body}.${Buffer.from(signature).toString('base64url')}`;
}

const noLimit = { subs: -1, data: -1, payload: -1 };

/** An account by JWT, as nsc makes one: what servers know of it, and a user's credentials. */
export function natsAccount(): { configuration: Record<string, unknown>; credentials: string } {
  const operator = nkeys.createOperator();
  const [system, account, user] = [nkeys.createAccount(), nkeys.createAccount(), nkeys.createUser()];
  const limits = {
    ...noLimit,
    imports: -1,
    exports: -1,
    wildcards: true,
    conn: -1,
    leaf: -1,
    mem_storage: -1,
    disk_storage: -1,
    streams: -1,
    consumer: -1,
  };
  const { mem_storage, disk_storage, streams, consumer, ...plain } = limits;
  const jwt = signed(account, user, 'comparator', { type: 'user', ...noLimit });
  const seed = new TextDecoder().decode(user.getSeed());
  return {
    configuration: {
      operator: signed(operator, operator, 'operator', {
        type: 'operator',
        system_account: system.getPublicKey(),
      }),
      system_account: system.getPublicKey(),
      resolver: 'MEMORY',
      resolver_preload: {
        [system.getPublicKey()]: signed(operator, system, 'system', { type: 'account', limits: plain }),
        [account.getPublicKey()]: signed(operator, account, 'account', { type: 'account', limits }),
      },
    },
    credentials: [
      '-----BEGIN NATS USER JWT-----',
      jwt,
      '------END NATS USER JWT------',
      '',
      '-----BEGIN USER NKEY SEED-----',
      seed,
      '------END USER NKEY SEED------',
      '',
    ].join('\n'),
  };
}
