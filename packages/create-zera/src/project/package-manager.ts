const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const

export type PackageManager = (typeof PACKAGE_MANAGERS)[number]

/**
 * The package manager that runs this process, by what it says of itself in `npm_config_user_agent`, such as
 * `pnpm/10.34.9 npm/? node/v24.21.0 linux x64`. It is npm when none does.
 */
export function packageManagerOf(userAgent: string | undefined): PackageManager {
  return PACKAGE_MANAGERS.find(name => userAgent?.startsWith(`${name}/`)) ?? 'npm'
}
