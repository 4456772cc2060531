import { installN8n } from '../n8n/install';

/** `npm run setup:n8n`: installs the complete n8n, which the end-to-end tests do otherwise. */
void installN8n((line) => process.stderr.write(`${line}\n`));
