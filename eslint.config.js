import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Sentences, because the person who meets a rule should not have to look it up. */
const sql = [
	{
		selector: "CallExpression[callee.object.name='sql'][callee.property.name='raw']",
		message: 'sql.raw pastes text into SQL. Use the sql`` tag, which binds its values.'
	},
	{
		selector: 'CallExpression[callee.property.name=/^(prepare|exec)$/] > TemplateLiteral[expressions.length>0]:not([quasis.0.value.raw=/^pragma /])',
		message: 'A value pasted into SQL is an injection. Bind it.'
	},
	{
		selector:
			"CallExpression[callee.property.name=/^(prepare|exec)$/] > BinaryExpression[operator='+'] Literal[value=/^\\s*(select|insert|update|delete|create|drop|alter|with)\\b/i]",
		message: 'A value pasted into SQL is an injection. Bind it.'
	},
	{ selector: 'TSEnumDeclaration', message: 'Node strips types and cannot run an enum. Use a union of literals.' },
	{ selector: 'CatchClause[param=null] > BlockStatement[body.length=0]', message: 'An error was swallowed. Handle it, or say in a value what happened.' }
];

export default ts.config(
	{ ignores: ['**/node_modules/', 'web/build/', '**/.svelte-kit/', '**/test-results/', '**/playwright-report/', '.data/', '.tmp/', 'coverage/'] },
	js.configs.recommended,
	...ts.configs.recommended,
	...svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.node, ...globals.browser } },
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			'no-undef': 'off',
			'no-restricted-syntax': ['error', ...sql],
			'no-irregular-whitespace': ['error', { skipStrings: true, skipTemplates: true }],
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			'no-empty': ['error', { allowEmptyCatch: false }],
			'prefer-const': ['error', { destructuring: 'all' }],
			'@typescript-eslint/no-explicit-any': 'error',
			// An interface over a schema's output keeps zod's types out of every message and every other type.
			'@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
			'@typescript-eslint/ban-ts-comment': 'error',
			'@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
			'@typescript-eslint/no-unused-expressions': 'off'
		}
	},
	{
		files: ['**/*.ts'],
		ignores: ['**/*.svelte.ts'],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/no-floating-promises': ['error', { ignoreIIFE: false }],
			'@typescript-eslint/no-misused-promises': [
				'error',
				{ checksVoidReturn: { attributes: false, arguments: false, properties: false, returns: false, variables: false } }
			],
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }]
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
		rules: {
			'svelte/no-at-html-tags': 'error',
			'svelte/require-each-key': 'error',
			// Routes are plain absolute paths: the application is served from the root of its own origin.
			'svelte/no-navigation-without-resolve': 'off',
			'prefer-const': 'off',
			// Most maps here live for one function; those that are watched are runes already.
			'svelte/prefer-svelte-reactivity': 'off',
			'svelte/prefer-const': ['error', { destructuring: 'all' }]
		}
	},
	{
		files: ['**/*.test.ts', 'e2e/**/*.ts'],
		rules: { 'no-restricted-syntax': 'off' }
	},
	{
		files: ['domain/src/**/*.ts'],
		ignores: ['domain/src/**/server/**', 'domain/src/**/*.test.ts'],
		rules: { 'no-restricted-globals': ['error', 'window', 'document', 'process', 'Buffer', 'localStorage', 'fetch'] }
	}
);
