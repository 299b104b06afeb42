import { config } from 'zod/v4/core';

interface Policies {
	createPolicy(name: string, rules: { createHTML(markup: string): string; createScriptURL(address: string): string }): unknown;
}
const DECODER = /^\/_app\/immutable\/workers\/[\w.-]+\.js$/u;

/**
 * What libraries do with bare text, and no more: the editor begins with an empty page, the viewer starts the decoder of images by its address.
 * Everything else is refused by throwing: an answer of null would be taken for empty markup, and a paste would vanish.
 */
(window as { readonly trustedTypes?: Policies }).trustedTypes?.createPolicy('default', {
	createHTML(markup) {
		if (markup === '<body></body>') return markup;
		throw new TypeError('markup given as text');
	},
	createScriptURL(address) {
		const { origin, pathname } = new URL(address, location.href);
		if (origin === location.origin && DECODER.test(pathname)) return address;
		throw new TypeError('a script given as text');
	}
});

// No page may make code of text, so schemas need not try.
config({ jitless: true });
