import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['.venv/**', 'node_modules/**'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
    rules: {
      'arrow-body-style': 'error',
      'curly': ['error', 'multi-line'],
      'eqeqeq': 'error',
      'max-len': ['error', { code: 120 }],
      'no-implicit-coercion': 'error',
      'no-shadow': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      'prefer-template': 'error',
      'semi': 'error',
    },
  },
  { files: ['core/maps/js/*.js', 'pages/shared/**/*.js'], languageOptions: { globals: globals.browser } },
  { files: ['tests/js/*.js', '*.config.js'], languageOptions: { globals: globals.node } },
];
