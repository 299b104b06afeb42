import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { BadSetting } from './settings.ts';

export interface Tls {
	readonly cert: Buffer;
	readonly key: Buffer;
	/** the names the certificate is made out for; one with `*` names nobody in particular */
	readonly names: readonly string[];
}

function fileOf(variable: string, path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (error) {
		throw new BadSetting(
			`${variable}=${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Give the path of a PEM file the server's user may read. / ${variable} 指向的文件无法读取。`
		);
	}
}

/** Certificate and key, read and tried before anybody is answered with them. */
export function readTls(files: { readonly cert: string; readonly key: string }): Tls {
	const cert = fileOf('TONGPING_TLS_CERT', files.cert);
	const key = fileOf('TONGPING_TLS_KEY', files.key);
	try {
		createSecureContext({ cert, key });
		return { cert, key, names: namesOf(new X509Certificate(cert)) };
	} catch (error) {
		throw new BadSetting(
			`TONGPING_TLS_CERT=${files.cert} and TONGPING_TLS_KEY=${files.key} cannot be used together (${(error as NodeJS.ErrnoException).code ?? 'no PEM'}). Give a PEM certificate and the private key it was made for. / 证书与私钥不是一对 PEM 文件。`
		);
	}
}

function namesOf({ subject, subjectAltName }: X509Certificate): readonly string[] {
	const alternatives = [...(subjectAltName ?? '').matchAll(/(DNS|IP Address):([^,\s]+)/gu)].map(([, , name]) => name!);
	const common = /^CN=(.+)$/mu.exec(subject)?.[1];
	const names = alternatives.length > 0 || common === undefined ? alternatives : [common];
	return names.filter((name) => /^[a-z0-9.:-]+$/iu.test(name));
}
