/** @file Which parts of a release are unpacked: what the processor, Metal and Vulkan need; more only where it was asked for. */
import type { Machine } from './release.ts';

/** Libraries of one maker of graphics cards lie in folders of their own (`cuda_v12`, `cuda_v13`, `cuda_jetpack6`, `rocm`). */
const cuda = /^cuda(_|$)/;
const rocm = /^rocm/;
/** An engine for another kind of model file, and headers. */
const never = /^(mlx|include$)/;
/** The same where everything lies in one folder: on macOS llama-server has Metal inside. */
const macNever = /^(libmlx.*|.*\.metallib)$/;

/** `path` as it stands in the archive, with slashes. */
export function isWanted(path: string, { platform, graphics }: Machine): boolean {
  return path.split('/').every((segment) => {
    if (cuda.test(segment)) return graphics.includes('cuda');
    if (rocm.test(segment)) return graphics.includes('rocm');
    return !never.test(segment) && !(platform === 'darwin' && macNever.test(segment));
  });
}

/** What must be there afterwards: the server, and since 0.30 the runner without which no model answers. */
export function demanded(platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return ['ollama.exe', 'lib/ollama/llama-server.exe'];
  return platform === 'darwin' ? ['ollama', 'llama-server'] : ['bin/ollama', 'lib/ollama/llama-server'];
}
