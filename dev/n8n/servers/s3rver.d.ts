/** What is used here of s3rver, which has no types. */
declare module 's3rver' {
	interface Options {
		address: string;
		port: number;
		directory: string;
		silent?: boolean;
		configureBuckets?: Array<{ name: string }>;
	}
	export default class S3rver {
		constructor(options: Options);
		readonly store: {
			listObjects(bucket: string, options: object): Promise<{ objects: Array<{ key: string }> }>;
		};
		run(): Promise<{ port: number }>;
		close(): Promise<void>;
	}
}
