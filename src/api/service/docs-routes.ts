import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Hono } from 'hono';
import { page } from './page.ts';

const require = createRequire(import.meta.url);
const assets = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

const documentation = page(
  'API of the Data Engineering Comparator',
  '<div id="swagger-ui"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/start.js"></script>',
  '<link rel="stylesheet" href="/docs/swagger-ui.css">\n',
);

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });
`;

/** `/docs`: Swagger UI from this machine, with nothing inline and nothing from elsewhere. */
export function docsRoutes() {
  const app = new Hono();
  app.get('/docs', (c) => c.html(documentation));
  app.get('/docs/start.js', (c) => c.body(start, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
  for (const [name, type] of Object.entries(assets)) {
    app.get(`/docs/${name}`, async (c) => {
      const file = await readFile(require.resolve(`swagger-ui-dist/${name}`));
      return c.body(file, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=3600' });
    });
  }
  return app;
}
