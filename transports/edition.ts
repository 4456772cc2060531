import type { OpenTransport } from '../nodes/shared/api/transport';
import { openTransport as openUndici } from './undici';

/** Gives the transport of this edition. The build of the cloud edition takes `cloudEdition.ts`. */
export const openTransport: OpenTransport = openUndici;
