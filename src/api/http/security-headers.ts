import type { MiddlewareHandler } from 'hono';

const policies = {
  /** Nothing may be loaded or run: an answer of the API is data. */
  data: "default-src 'none'; frame-ancestors 'none'",
  /** The API's own documents: its own files, nothing inline, nothing from elsewhere. */
  page: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** What an answer that is data has, whatever it says. */
export const dataHeaders = {
  'Content-Security-Policy': policies.data,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Headers that keep a browser from making more of an answer than it is. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  // A document that holds its own script says by its hash that this one may run.
  const own = c.res.headers.get('content-security-policy');
  const isPage = c.res.headers.get('content-type')?.startsWith('text/html') ?? false;
  for (const [name, value] of Object.entries(dataHeaders)) c.res.headers.set(name, value);
  const policy = own ?? (isPage ? policies.page : null);
  if (policy) c.res.headers.set('Content-Security-Policy', policy);
};
