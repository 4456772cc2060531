export { endSharedN8n as default } from './sharedN8n';
