/** One protection that SECURITY.md names, broken in one line, and the test that must notice. */
export interface Mutation {
	/** What the row's threat begins with. */
	threat: string;
	/** The file that protects, from the project's root. */
	file: string;
	/** Is in the file exactly once. */
	search: string;
	replace: string;
	/** One of the row's proofs. */
	test: { path: string; title: string };
}

const unit = (path: string, title: string) => ({ path: `test/unit/${path}.test.ts`, title });
const engine = (path: string, title: string) => ({
	path: `test/integration/${path}.test.ts`,
	title,
});
const contract = (path: string, title: string) => ({
	path: `test/contract/${path}.test.ts`,
	title,
});

/** In the order of SECURITY.md; a row may have several. */
export const MUTATIONS: Mutation[] = [
	{
		threat: 'The token, or a gateway’s header, goes to another host',
		file: 'transports/undici/index.ts',
		search: "dispatcher: dispatchers[request.guard ?? 'none'],",
		replace:
			"dispatcher: dispatchers[request.guard ?? 'none'].compose(undici.interceptors.redirect({ maxRedirections: 3 })),",
		test: engine('security', 'do not lead it astray by redirects, or by links in answers'),
	},
	{
		threat: 'The token, or a gateway’s header, goes to a host of files',
		file: 'nodes/shared/outputs/request.ts',
		search: '...own?.headers,',
		replace: '...(own ?? options.ownFile?.(new URL(`${hosts.baseUrl.href}/files/x`)))?.headers,',
		test: engine('gateway', 'brings its header to no host of files'),
	},
	{
		threat: 'The token, or a gateway’s header, goes to a host of files',
		file: 'nodes/shared/outputs/request.ts',
		search: 'source = own ? sourceOf(next, options) : { url: next };',
		replace: 'source = { url: next, own };',
		test: engine('ownFiles', 'leaves the token behind at a redirect to another origin'),
	},
	{
		threat: 'An output names another route of the API',
		file: 'nodes/shared/api/ownFiles.ts',
		search: 'path.startsWith(`${one}/files/`)',
		replace: 'path.startsWith(`${one}/`)',
		test: engine('ownFiles', 'brings the token to no other route of the API, whatever it names'),
	},
	{
		threat: 'The token, or a gateway’s header, shows',
		file: 'nodes/shared/api/secrets.ts',
		search: 'for (const [secret, word] of secrets) clean = clean.replaceAll(secret, word);',
		replace: 'for (const [secret] of secrets) clean = clean.replaceAll(secret, secret);',
		test: engine(
			'security',
			'find it in no error, item, execution or log, even if a gateway repeats it',
		),
	},
	{
		threat: 'The token is sent without TLS',
		file: 'nodes/shared/api/credential.ts',
		search: "if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {",
		replace: "if (url.protocol === 'ftp:' && !isLoopbackHost(url.hostname)) {",
		test: engine('errors', 'refuses to send the token without TLS to another machine'),
	},
	{
		threat: 'A base URL leads to what n8n’s operator has blocked',
		file: 'nodes/host/host.ts',
		search: 'await assertEgress(context.helpers, client.baseUrl);',
		replace: '',
		test: engine('egress', 'is asked for the base URL, which then gets no request of any kind'),
	},
	{
		threat: 'Forged, changed or stale webhooks',
		file: 'nodes/shared/webhooks/signature.ts',
		search: 'new Webhook(secret).verify(rawBody, headers as Record<string, string>)',
		replace: 'JSON.parse(rawBody.toString())',
		test: unit('webhooks', 'refuses a changed body, and one that is no prediction'),
	},
	{
		threat: 'Replayed webhooks',
		file: 'nodes/ReplicateTrigger/receive.ts',
		search: 'isDuplicate(this, signed) || !passes(',
		replace: '!passes(',
		test: engine(
			'trigger',
			'refuses what is not signed, not fresh, or changed, and answers duplicates without a run',
		),
	},
	{
		threat: 'Oversized webhooks, or very many of them',
		file: 'nodes/shared/webhooks/secret.ts',
		search: 'if (reading && now() < reading.until) return await reading.key;',
		replace: 'if (reading && now() < 0) return await reading.key;',
		test: engine('webhookSecret', 'read the secret once, however many come at once'),
	},
	{
		threat: 'Strangers’ calls',
		file: 'nodes/ReplicateTrigger/receive.ts',
		search: '.catch(() => undefined);',
		replace: '.catch((error: Error) => { throw error; });',
		test: engine('webhookSecret', 'start nothing and learn nothing when the credential %s'),
	},
	{
		threat: 'Outputs that name addresses inside the network',
		file: 'nodes/shared/outputs/hosts.ts',
		search: "return isKnown ? undefined : { notFetched: 'unknownHost', host };",
		replace: 'return undefined;',
		test: engine('downloads', 'never reach inside, in whatever notation'),
	},
	{
		threat: 'Outputs that name addresses inside the network',
		file: 'nodes/shared/outputs/request.ts',
		search: 'const refusal = own ? undefined : hostRefusal(url, options.hosts);',
		replace: 'const refusal = own || hop > 0 ? undefined : hostRefusal(url, options.hosts);',
		test: engine('downloads', 'follow redirects to allowed hosts, and no others'),
	},
	{
		threat: 'Outputs that name addresses inside the network',
		file: 'transports/undici/guardedLookup.ts',
		search: 'if (addresses.length === 0 || !addresses.every(isAllowed)) {',
		replace: 'if (addresses.length === 0) {',
		test: unit('outputs/hosts', 'refuses a name that points to %s %s'),
	},
	{
		threat: 'Outputs that name addresses inside the network',
		file: 'nodes/shared/outputs/request.ts',
		search: "if (reason !== undefined) return { notFetched: 'blocked', reason };",
		replace: '',
		test: engine('egress', 'is asked for each address that an output names'),
	},
	{
		threat: 'Path traversal',
		file: 'nodes/shared/files/binaryFile.ts',
		search: '.split(/[\\\\/]/)',
		replace: '.split(/[\\n]/)',
		test: unit(
			'files/binaryFile',
			'is always one safe part of at most 255 bytes, and stays the same when it is sent again',
		),
	},
	{
		threat: 'Path traversal',
		file: 'nodes/shared/outputs/names.ts',
		search: "return !(name in Object.prototype) && name !== 'prototype';",
		replace: "return name !== 'prototype';",
		test: unit('outputs/names', 'takes no name that stands for something else on objects'),
	},
	{
		threat: 'Huge or endless files',
		file: 'nodes/shared/outputs/chunks.ts',
		search: 'if (this.received > maxBytes) {',
		replace: 'if (this.received > 2 * maxBytes) {',
		test: engine('downloads', 'larger than allowed stay URLs, announced or not'),
	},
	{
		threat: 'Huge or endless files',
		file: 'nodes/shared/outputs/download.ts',
		search: "if (encoding !== 'identity') return",
		replace: "if (encoding === 'zstd') return",
		test: engine('downloads', 'that are packed stay URLs: nothing is unpacked here'),
	},
	{
		threat: 'Huge or endless files',
		file: 'nodes/fields/output.ts',
		search: 'export const DEFAULT_MAX_FILE_BYTES = 400_000_000;',
		replace: 'export const DEFAULT_MAX_FILE_BYTES = 4_000_000_000;',
		test: engine(
			'boundsMemory',
			'leaves a file that n8n cannot keep in every mode where it is, with a note',
		),
	},
	{
		threat: 'Responses of the API, or texts in them, of any size',
		file: 'nodes/shared/api/tooLarge.ts',
		search: 'export const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;',
		replace: 'export const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;',
		test: engine('boundsMemory', 'reads no output of 200 MB of JSON, and names the prediction: %s'),
	},
	{
		threat: 'Object bombs',
		file: 'nodes/shared/api/json.ts',
		search: 'const MAX_DEPTH = 200;',
		replace: 'const MAX_DEPTH = 200_000;',
		test: engine('security', 'do not break the node by depth or by width'),
	},
	{
		threat: 'Object bombs',
		file: 'nodes/shared/outputs/collect.ts',
		search: 'const MAX_FILES = 1_000;',
		replace: 'const MAX_FILES = 100_000;',
		test: engine(
			'downloads',
			'take no more than a thousand files, and no depth that breaks the item',
		),
	},
	{
		threat: 'Responses of a wrong type',
		file: 'nodes/shared/api/shapes.ts',
		search: 'const id = v.pipe(text, v.regex(/^[\\w=-]{1,200}$/));',
		replace: 'const id = text;',
		test: unit('api/shapes', 'refuses %s'),
	},
	{
		threat: 'A create that is sent twice',
		file: 'nodes/shared/api/retry.ts',
		search: "if (policy === 'create') return failure.kind === 'network' && !failure.sent;",
		replace: '',
		test: engine('transport', 'does not send a create again after a 500'),
	},
	{
		threat: 'The result of somebody else’s run',
		file: 'nodes/shared/predictions/find.ts',
		search: 'equal(shown, asListed(sent));',
		replace: 'shown !== undefined;',
		test: engine('transport', 'does not take a prediction that has more inputs than were sent'),
	},
	{
		threat: 'Responses of the API, or texts in them, of any size',
		file: 'nodes/shared/api/exchange.ts',
		search: 'if (!isWhole) break;',
		replace: '',
		test: unit('api/exchange', 'is read no further than its limit'),
	},
	{
		threat: 'Responses that make the node wait forever',
		file: 'nodes/shared/api/createGate.ts',
		search: 'if (Math.max(this.opensAt, now()) > deadline) return false;',
		replace: 'if (now() > deadline) return false;',
		test: unit('api/createGate', 'keeps nobody waiting who could not be sent before the deadline'),
	},
	{
		threat: 'Responses that make the node wait forever',
		file: 'nodes/shared/api/clock.ts',
		search: 'return performance.timeOrigin + performance.now();',
		replace: 'return Date.now();',
		test: engine('boundsTime', 'is not shortened by a machine whose clock is set an hour ahead'),
	},
	{
		threat: 'Responses that make the node wait forever',
		file: 'nodes/shared/api/exchange.ts',
		search: 'reject(request.signal.reason);',
		replace: '',
		test: unit('transports/silentProxy', 'holds a request no longer than the time it has'),
	},
	{
		threat: 'Responses that make the node wait forever',
		file: 'nodes/shared/outputs/request.ts',
		search: 'const limits = { totalMs: leftMs(until), responseMs: pauseMs, pauseMs, signal };',
		replace: 'const limits = { responseMs: pauseMs, pauseMs, signal };',
		test: engine(
			'boundsTime',
			'gives a file 30 s more, then names the prediction that is paid for, and its files',
		),
	},
	{
		threat: 'A file’s name or type adds a header',
		file: 'nodes/shared/files/binaryFile.ts',
		search:
			'return text && /^[\\w.+-]+\\/[\\w.+-]+(;[ \\w.+=-]+)*$/.test(text) ? text : undefined;',
		replace: 'return text;',
		test: unit('files/multipart', 'lets no file name and no type add a header, whatever they are'),
	},
	{
		threat: 'A file’s name or type adds a header',
		file: 'nodes/shared/outputs/names.ts',
		search: 'return type && /^[\\w.+-]+\\/[\\w.+-]+$/.test(type) ? type : undefined;',
		replace: 'return type;',
		test: unit('outputs/names', 'takes no type that would break a header'),
	},
	{
		threat: 'Prototype pollution',
		file: 'nodes/Replicate/actions/dispatch.ts',
		search: 'if (Object.hasOwn(operations, name)) return operations[name]!;',
		replace: 'if (name in operations) return operations[name]!;',
		test: engine('security', 'cannot choose an operation that does not exist'),
	},
	{
		threat: 'ReDoS',
		file: 'nodes/shared/api/oneLine.ts',
		search: ".replace(/\\s+/g, ' ')",
		replace: ".replace(/\\s+/g, ' ').replace(/\\u200b+$/, '')",
		test: unit('regularExpressions', '%s: %s ends soon on any text'),
	},
	{
		threat: 'Expression injection: a node’s name',
		file: 'nodes/jobs/callback/callback.ts',
		search: "(brace === '{' ? '\\\\u007b' : '\\\\u007d')",
		replace: 'brace',
		test: engine(
			'security',
			'leave n8n’s own words for callbacks of a node with braces in its name',
		),
	},
	{
		threat: 'Expression injection by a schema',
		file: 'nodes/Replicate/panel/form.ts',
		search: "return !(typeof value === 'string' && value.startsWith('='));",
		replace: "return !(typeof value === 'string' && value.startsWith('{'));",
		test: engine(
			'security',
			'would run in the form, so no model’s default or choice that is one gets there',
		),
	},
	{
		threat: 'Control characters in errors',
		file: 'nodes/shared/api/oneLine.ts',
		search: ".replace(/[\\p{Cc}\\p{Bidi_Control}]/gu, '')",
		replace: '',
		test: engine('security', 'cannot pass control and bidirectional characters on in an error'),
	},
	{
		threat: 'A library that changes, or brings a script',
		file: 'package.json',
		search: '"provenance": true',
		replace: '"provenance": false',
		test: contract(
			'supplyChain',
			'runs nothing when it is installed, and is published with provenance',
		),
	},
	{
		threat: 'A text in a conversation that forges a turn',
		file: 'nodes/shared/chat/turnFormat.ts',
		search: "return text.trim().replace(marks, ' ');",
		replace: "return text.trim().replace(marks, '');",
		test: unit('chat/turnFormat', 'in the format of %s, a text cannot forge a turn'),
	},
	{
		threat: 'A text in a conversation that forges a turn',
		file: 'nodes/shared/chat/turnFormat.ts',
		search: '	marks: /^(?=(?:User|Assistant):)/gim,',
		replace: '	marks: /^(?=(?:User|Assistant):)/gm,',
		test: unit('chat/turnFormat', 'with plain marks, a line of a text cannot begin like a turn'),
	},
	{
		threat: 'A model calls a tool that an agent does not have',
		file: 'nodes/shared/chat/readCall.ts',
		search:
			"typeof read === 'string' ? read : (unsafePart(read) ?? schemaFault(parameters, read));",
		replace: "typeof read === 'string' ? read : (unsafePart(read) ?? schemaFault({}, read));",
		test: unit(
			'chat/toolPrompt',
			'never throws, and calls only tools that exist with arguments that fit',
		),
	},
	{
		threat: 'A model calls a tool that an agent does not have',
		file: 'nodes/ReplicateChatModel/chat.ts',
		search: 'if (second.invalid === undefined) return second;',
		replace: 'if (second) return second;',
		test: engine('chatModel', 'are not called where the second answer is no better'),
	},
	{
		threat: 'An agent that asks its model again and again',
		file: 'nodes/jobs/answers.ts',
		search: 'if (this.creates >= maxPredictions) {',
		replace: 'if (this.creates > maxPredictions) {',
		test: engine('chatModel', 'is limited in number'),
	},
	{
		threat: 'An agent that asks its model again and again',
		file: 'nodes/jobs/answers.ts',
		search: 'this.creates = this.earlier.length;',
		replace: 'this.creates = 0;',
		test: engine('chatRetries', 'limits the predictions of all its tries together'),
	},
	{
		threat: 'A bundled library whose licence forbids it',
		file: 'dev/build/bundle.js',
		search: 'const files = built.flatMap(',
		replace: 'const files = built.slice(0, 1).flatMap(',
		test: contract('supplyChain', 'lists every bundled library with a licence that allows it'),
	},
	{
		threat: 'Responses of the API, or texts in them, of any size',
		file: 'nodes/shared/api/exchange.ts',
		search: 'isWhole = Math.max(bytes, announced) <= maxBytes;',
		replace: 'isWhole = true;',
		test: unit('api/exchange', 'is read no further than its limit'),
	},
];
