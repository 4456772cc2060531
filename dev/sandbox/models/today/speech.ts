import { mp3Tone } from '../media';
import type { SandboxModel } from '../model';
import { choice, decimal, flag, inputSchema, OUTPUT, text, values, whole } from './schema';

/** Reads a text aloud: choices of numbers, and a long list of languages. */
const speech02: SandboxModel = {
	owner: 'minimax',
	name: 'speech-02-hd',
	description: 'Reads a text aloud, with a voice and an emotion',
	official: true,
	exampleInput: { text: 'Good morning from the forest.' },
	schemas: {
		Input: inputSchema(
			{
				text: text('Text to read: at most 5,000 characters', { maxLength: 5_000 }),
				voice_id: text('One of the voices, or one that you have cloned', {
					default: 'Wise_Woman',
				}),
				speed: decimal('Speed of the speech', 0.5, 2, 1),
				volume: decimal('Volume of the speech', 0, 10, 1),
				pitch: whole('Pitch of the speech', { default: 0, minimum: -12, maximum: 12 }),
				emotion: choice('emotion', 'Emotion of the speech', 'auto'),
				english_normalization: flag('Read numbers in English better', false),
				sample_rate: choice('sample_rate', 'Samples per second', 32_000),
				bitrate: choice('bitrate', 'Bits per second', 128_000),
				channel: choice('channel', 'Mono or stereo', 'mono'),
				language_boost: choice('language_boost', 'Language to recognize better', 'None'),
			},
			['text'],
		),
		emotion: values(
			'emotion',
			...['auto', 'neutral', 'happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised'],
		),
		sample_rate: values('sample_rate', 8_000, 16_000, 22_050, 24_000, 32_000, 44_100),
		bitrate: values('bitrate', 32_000, 64_000, 128_000, 256_000),
		channel: values('channel', 'mono', 'stereo'),
		language_boost: values(
			'language_boost',
			...['None', 'Automatic', 'Chinese', 'Chinese,Yue', 'English', 'Arabic', 'Russian', 'Spanish'],
			...['French', 'Portuguese', 'German', 'Turkish', 'Dutch', 'Ukrainian', 'Vietnamese'],
			...['Indonesian', 'Japanese', 'Italian', 'Korean', 'Thai', 'Polish', 'Romanian', 'Greek'],
			...['Czech', 'Finnish', 'Hindi'],
		),
		Output: OUTPUT.file,
	},
	async run({ input, deliver, metric }) {
		metric('input_token_count', String(input.text).length);
		return await deliver(await mp3Tone(), 'tmp.mp3');
	},
};

export const speech: SandboxModel[] = [speech02];
