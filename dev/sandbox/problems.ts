import type { FastifyReply } from 'fastify';

/** The body of an error as Replicate's API gives it (RFC 7807). `detail` is the only sure key. */
export interface ProblemBody {
	detail: string;
	status?: number;
	title?: string;
	retry_after?: number;
	invalid_fields?: Array<{ type: string; field: string; description: string }>;
}

/** An error answer, thrown by whatever finds it and sent by the server. */
export class Problem extends Error {
	constructor(
		readonly status: number,
		readonly body: ProblemBody,
		readonly headers: Record<string, string> = {},
	) {
		super(body.detail);
	}

	async send(reply: FastifyReply): Promise<void> {
		await reply
			.code(this.status)
			.headers(this.headers)
			.type('application/problem+json')
			.send(JSON.stringify(this.body));
	}
}

export function notFound(detail = 'The requested resource could not be found.'): Problem {
	return new Problem(404, { detail, status: 404 });
}

export function unauthenticated(): Problem {
	return new Problem(401, {
		title: 'Unauthenticated',
		detail: 'You did not pass a valid authentication token',
		status: 401,
	});
}

export function invalidVersion(): Problem {
	return new Problem(422, {
		title: 'Invalid version or not permitted',
		detail:
			"The specified version does not exist (or perhaps you don't have permission to use it?)",
		status: 422,
	});
}
