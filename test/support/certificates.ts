import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * An authority (`ca.pem`), what it has signed for a server on this machine (`broker`) and a client (`client`), each as
 * NAME.pem and NAME.key, and another authority (`stranger`).
 */
export function makeCertificates(folder: string): void {
  const openssl = (...options: string[]) => {
    const made = spawnSync('openssl', options, { cwd: folder, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`openssl ${options.join(' ')}: ${made.stderr}`);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  for (const name of ['ca', 'stranger']) {
    openssl(
      ...['req', '-x509', ...key, '-days', '2', '-subj', `/CN=${name}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
    );
  }
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  for (const name of ['broker', 'client']) {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-days', '2', '-extfile', 'names', '-out', `${name}.pem`],
    );
  }
}
