import type { BrokenLine } from './build';

/** What protects money, each broken by one line, so that a campaign shows whether it would be seen. */
export const PROTECTIONS: Record<string, BrokenLine> = {};
