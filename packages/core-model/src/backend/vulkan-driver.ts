/** Variables that name driver manifests, in place of or besides the folders. */
const VARIABLES = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'];

/**
 * Whether Linux has a Vulkan driver, by the manifests that the Vulkan loader would read. Asked before Dawn is: where
 * there is none, the loader complains on stderr. True on other systems, which have interfaces of their own.
 */
export async function hasVulkanDriver(): Promise<boolean> {
  const { env, platform } = process;
  if (platform !== 'linux' || VARIABLES.some((name) => env[name])) return true;
  const { readdir } = process.getBuiltinModule('node:fs/promises');
  const { homedir } = process.getBuiltinModule('node:os');
  const path = process.getBuiltinModule('node:path');
  const list = (paths: string | undefined, otherwise: string): string[] => (paths || otherwise).split(':');
  const parents = [
    ...list(env['XDG_CONFIG_HOME'], path.join(homedir(), '.config')),
    ...list(env['XDG_CONFIG_DIRS'], '/etc/xdg'),
    '/usr/local/etc',
    '/etc',
    ...list(env['XDG_DATA_HOME'], path.join(homedir(), '.local', 'share')),
    ...list(env['XDG_DATA_DIRS'], '/usr/local/share:/usr/share'),
  ];
  for (const parent of parents) {
    const manifests = await readdir(path.join(parent, 'vulkan', 'icd.d')).catch(() => []);
    if (manifests.some((name) => name.endsWith('.json'))) return true;
  }
  return false;
}
