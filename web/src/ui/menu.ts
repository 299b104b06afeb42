/** One line of a menu. A disabled entry says why in `reason`; it is never hidden for want of a right. */
export type MenuEntry =
	| { readonly kind: 'line'; readonly id: string }
	| { readonly kind: 'label'; readonly id: string; readonly label: string }
	| {
			readonly kind: 'item';
			readonly id: string;
			readonly label: string;
			readonly key?: string;
			readonly on?: boolean;
			readonly reason?: string | null;
			run(): void;
	  };
