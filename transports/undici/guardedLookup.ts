import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLoopbackHost, isPublicHost } from '../../nodes/shared/api/hostNames';
import { PRIVATE_ADDRESS } from '../../nodes/shared/api/transport';

/**
 * A DNS lookup that refuses names with an address inside a private network. It runs when the
 * connection is made, so a name cannot answer differently after it was checked.
 *
 * @param allowsLoopback whether this machine is allowed
 * @param resolve   the lookup underneath
 */
export function guardedLookup(
	allowsLoopback: boolean,
	resolve: typeof lookup | LookupFunction = lookup,
): LookupFunction {
	return (hostname, options, callback) => {
		const all = { ...options, all: true } as const;
		(resolve as LookupFunction)(hostname, all, (error, found) => {
			if (error) return callback(error, '', 0);
			const addresses = found as unknown as LookupAddress[];
			const isAllowed = ({ address }: LookupAddress) =>
				isPublicHost(address) || (allowsLoopback && isLoopbackHost(address));
			if (addresses.length === 0 || !addresses.every(isAllowed)) {
				const refused = new Error(`${hostname} points into a private network`);
				return callback(Object.assign(refused, { code: PRIVATE_ADDRESS }), '', 0);
			}
			if (options.all) return callback(null, addresses);
			return callback(null, addresses[0]!.address, addresses[0]!.family);
		});
	};
}
