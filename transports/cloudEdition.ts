/** What the build of the cloud edition takes in place of `edition.ts`. */
export { openTransport } from './n8n';
