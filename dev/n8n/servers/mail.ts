import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../server';
import { isRoot, startConfigured, type RunningDaemon } from './daemon';
import type { ServerCredential } from './storage';

/** Mailboxes that there are from the start; others come with their first mail. */
const MAILBOXES = ['studio', 'customer'];

/** A mail server on loopback, which takes mails by SMTP and shows them by IMAP. */
export interface MailServer extends RunningDaemon {
	/** How n8n sends mails. */
	smtp: ServerCredential;
	/** How n8n reads the mailbox `studio`. */
	imap: ServerCredential;
	/** The folder with a folder for each mailbox. */
	place: string;
	/** Puts a mail into a mailbox, as it is written. */
	deliver(mailbox: string, mail: string): Promise<void>;
	/** What is in a mailbox: the part of an address before the `@`. */
	mails(mailbox: string): Promise<Email[]>;
}

/**
 * Starts an SMTP server that delivers into the mailboxes of Debian's Dovecot.
 *
 * @param folder of its settings, and of its mailboxes below `mail`
 * @param onMail called with each mail that has come
 */
export async function startMail(
	folder: string,
	onMail: (to: string, mail: Email) => void = () => {},
): Promise<MailServer> {
	const place = join(folder, 'mail');
	for (const name of MAILBOXES) await makeMailbox(join(place, name));
	const smtpPort = await freePort();
	const smtp = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onData(stream, { envelope }, done) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				const text = Buffer.concat(chunks);
				const deliver = envelope.rcptTo.map(async ({ address }) => {
					await deliverTo(join(place, mailboxOf(address)), text);
					onMail(address, await PostalMime.parse(text));
				});
				Promise.all(deliver).then(() => done(), done);
			});
		},
	});
	// Clients that are killed leave broken connections.
	smtp.on('error', () => {});
	const imapPort = await freePort();
	const dovecot = await startConfigured({
		name: 'The IMAP server',
		debianPackage: 'dovecot-imapd',
		command: '/usr/sbin/dovecot',
		args: (file) => ['-F', '-c', file],
		file: join(folder, 'dovecot.conf'),
		settings: settingsOf(folder, place, imapPort),
		port: imapPort,
	});
	await new Promise<void>((resolve) => smtp.listen(smtpPort, '127.0.0.1', () => resolve()));
	const host = '127.0.0.1';
	return {
		smtp: {
			type: 'smtp',
			data: { host, port: smtpPort, secure: false, disableStartTls: true, user: '', password: '' },
		},
		imap: {
			type: 'imap',
			data: { host, port: imapPort, secure: false, user: 'studio', password: 'n8n' },
		},
		place,
		deliver: async (mailbox, mail) => await deliverTo(join(place, mailbox), Buffer.from(mail)),
		async mails(mailbox) {
			if (!existsSync(join(place, mailbox))) return [];
			const files = await Promise.all(
				['new', 'cur'].map(async (part) => {
					const path = join(place, mailbox, part);
					return (await readdir(path)).map((name) => join(path, name));
				}),
			);
			return await Promise.all(
				files.flat().map(async (file) => await PostalMime.parse(await readFile(file))),
			);
		},
		async stop() {
			await new Promise<void>((resolve) => smtp.close(() => resolve()));
			await dovecot.stop();
		},
	};
}

/** @returns a name that is one part of a path */
function mailboxOf(address: string): string {
	return address.split('@')[0]!.replace(/[^\w-]/g, '_');
}

/** A mailbox as Maildir has it: who reads it moves a mail from `new` to `cur`. */
async function makeMailbox(path: string): Promise<void> {
	for (const part of ['', 'new', 'cur', 'tmp']) {
		await mkdir(join(path, part), { recursive: true });
		await chmod(join(path, part), 0o777);
	}
}

/** Puts a mail into a mailbox at once, so that no reader sees half of it. */
async function deliverTo(mailbox: string, text: Buffer): Promise<void> {
	await makeMailbox(mailbox);
	const name = `${Date.now()}.${randomUUID()}.localhost`;
	await writeFile(join(mailbox, 'tmp', name), text);
	await chmod(join(mailbox, 'tmp', name), 0o666);
	await rename(join(mailbox, 'tmp', name), join(mailbox, 'new', name));
}

function settingsOf(folder: string, place: string, port: number): string[] {
	const id = (flag: string, of: string) => execFileSync('id', [flag, of]).toString().trim();
	// Dovecot reads no mails as root.
	const [user, group] = isRoot
		? ['nobody', 'nogroup']
		: [id('-un', String(process.getuid!())), id('-gn', String(process.getuid!()))];
	return [
		'protocols = imap',
		'listen = 127.0.0.1',
		`base_dir = ${folder}/run`,
		`state_dir = ${folder}/state`,
		`log_path = ${folder}/log`,
		'ssl = no',
		'disable_plaintext_auth = no',
		'first_valid_uid = 1',
		`mail_location = maildir:${place}/%n`,
		'passdb {',
		'  driver = static',
		'  args = nopassword=y',
		'}',
		'userdb {',
		'  driver = static',
		`  args = uid=${user} gid=${group} home=${place}/%n`,
		'}',
		...(isRoot ? [] : [`default_internal_user = ${user}`, `default_login_user = ${user}`]),
		'service anvil {',
		'  chroot =',
		'}',
		'service imap-login {',
		'  chroot =',
		'  inet_listener imap {',
		`    port = ${port}`,
		'  }',
		'  inet_listener imaps {',
		'    port = 0',
		'  }',
		'}',
	];
}
