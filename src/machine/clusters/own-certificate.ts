import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A private key and a certificate that it signed itself; PEM both. */
export interface OwnCertificate {
  key: string;
  certificate: string;
}

/** An experiment on AWS is over long before. */
const days = 30;

/**
 * Makes a key, and a certificate of it, by OpenSSL. The key is on no disk.
 * @param host the address by which a server is reached; null for who connects only
 * @throws where there is no OpenSSL
 */
export async function makeCertificate(name: string, host: string | null): Promise<OwnCertificate> {
  const { stdout } = await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'],
    ...['-keyout', '-', '-out', '-', '-days', String(days), '-subj', `/CN=${name}`],
    ...(host === null ? [] : ['-addext', `subjectAltName=IP:${host}`]),
  ]);
  return {
    key: partOf(stdout, 'PRIVATE KEY'),
    certificate: partOf(stdout, 'CERTIFICATE'),
  };
}

function partOf(text: string, kind: string): string {
  const match = new RegExp(`-----BEGIN ${kind}-----[^-]*-----END ${kind}-----\n`).exec(text);
  if (!match) throw new Error(`OpenSSL has made no ${kind}`);
  return match[0];
}
