declare module 'pdfmake' {
	const pdfmake: {
		setFonts(fonts: Readonly<Record<string, Readonly<Record<'normal' | 'bold' | 'italics' | 'bolditalics', string>>>>): void;
		setUrlAccessPolicy(policy: (url: string) => boolean): void;
		setLocalAccessPolicy(policy: (path: string) => boolean): void;
		createPdf(definition: Readonly<Record<string, unknown>>): { getBuffer(): Promise<Uint8Array> };
	};
	export default pdfmake;
}
