import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// base '/': with './' a deep link such as /devices/x would ask for /devices/assets. No inlined assets and no inline
// script: the page lives under a policy of `default-src 'self'`.
export default defineConfig({
  base: '/',
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', assetsInlineLimit: 0, target: 'es2024', reportCompressedSize: false },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8119', ws: true } } },
});
