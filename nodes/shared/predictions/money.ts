/** A whole number of millionths of a US dollar: sums of them are exact. */
export type Micros = number;

const DECIMALS = 6;

/**
 * What an amount costs, in whole millionths of a dollar, rounded half up. It is worked out in decimal
 * digits, because 0.1 x 3 is not 0.3 in binary ones.
 *
 * @param amount of the unit, not negative
 * @param usd    the price of so many units, not negative
 * @param per    a power of ten
 */
export function microsOf(amount: number, usd: number, per: number): Micros {
	const [amountDigits, amountExponent] = decimalOf(amount);
	const [usdDigits, usdExponent] = decimalOf(usd);
	const digits = amountDigits * usdDigits;
	const exponent = amountExponent + usdExponent + DECIMALS - Math.round(Math.log10(per));
	if (exponent >= 0) return Number(digits * 10n ** BigInt(exponent));
	const divisor = 10n ** BigInt(-exponent);
	return Number((digits + divisor / 2n) / divisor);
}

/** Its digits, and the power of ten that they are to be multiplied by. */
function decimalOf(value: number): [bigint, number] {
	const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
	const [whole = '0', fraction = ''] = mantissa.split('.');
	return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

/** The same in dollars, for an item's JSON. */
export function usdOf(micros: Micros): number {
	return micros / 10 ** DECIMALS;
}

/** In words, such as `$1.20` and `$0.000225`. */
export function moneyText(micros: Micros): string {
	return usdOf(micros).toLocaleString('en', {
		style: 'currency',
		currency: 'USD',
		minimumFractionDigits: 2,
		maximumFractionDigits: DECIMALS,
	});
}
