import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest gives tests a copy of `process` that hears nothing. This environment hands them the real one,
 * as `realProcess`, for what Node says of leaks and of rejections that nobody handled.
 */
export default class RealProcessEnvironment extends TestEnvironment {
	override async setup(): Promise<void> {
		await super.setup();
		Object.assign(this.global, { realProcess: process });
	}
}
