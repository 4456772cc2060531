import type { IncomingHttpHeaders } from 'node:http';

/** A request that the API has seen. */
export interface ApiRequest {
	method: string;
	/** With its query. */
	path: string;
	headers: IncomingHttpHeaders;
	userAgent?: string;
	/** The body of a JSON request, when it is short. */
	body?: string;
	/** Whether it came with a token. */
	authorized: boolean;
	/** The client's port, which tells connections apart. */
	remotePort?: number;
}

/** How often each route was asked, and how much it sent, since the last reset. */
export class RouteCounts {
	private readonly routes = new Map<string, { requests: number; bytes: number }>();

	/** @param route as in `GET /predictions/:id` */
	count(route: string): void {
		this.entry(route).requests += 1;
	}

	/** @param bytes of a response's body */
	countBytes(route: string, bytes: number): void {
		this.entry(route).bytes += bytes;
	}

	/** How often a route was asked, such as `POST /predictions/:id/cancel`. */
	of(route: string): number {
		return this.routes.get(route)?.requests ?? 0;
	}

	/** How many bytes of bodies a route has sent. */
	bytesOf(route: string): number {
		return this.routes.get(route)?.bytes ?? 0;
	}

	/** All that reads predictions or trainings: one by its id, and pages of lists. */
	get reads(): number {
		const isRead = (route: string) => /^GET \/(?:predictions|trainings)(?:\/:id)?$/.test(route);
		return this.sum(isRead);
	}

	/** Every request by its route. */
	get all(): Record<string, number> {
		return Object.fromEntries([...this.routes].map(([route, { requests }]) => [route, requests]));
	}

	reset(): void {
		this.routes.clear();
	}

	private sum(isCounted: (route: string) => boolean): number {
		const counted = [...this.routes].filter(([route]) => isCounted(route));
		return counted.reduce((sum, [, { requests }]) => sum + requests, 0);
	}

	private entry(route: string): { requests: number; bytes: number } {
		const found = this.routes.get(route) ?? { requests: 0, bytes: 0 };
		this.routes.set(route, found);
		return found;
	}
}
