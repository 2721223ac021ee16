/** A service as a test system is given it. */
import type { ServiceDescriptor } from "../descriptors.ts";
import type { RunningService, ServiceOptions, WithEvolutions } from "../service/service-options.ts";
import type { SettingDeclarations } from "../settings/setting.ts";

/** Starts a service, as `startService` does; its options are those of `startService`. */
export type Start = <
  Handlers extends object,
  Publish,
  Declared extends SettingDeclarations = SettingDeclarations,
  Evolutions = unknown,
>(
  descriptor: ServiceDescriptor<Handlers, Publish, Evolutions>,
  options: ServiceOptions<NoInfer<Handlers>, NoInfer<Publish>, Declared> & WithEvolutions<NoInfer<Evolutions>>,
) => Promise<RunningService<Publish, Declared>>;

/** A service that is to be started, with its types already checked. */
export interface ServedService {
  readonly descriptor: ServiceDescriptor;
  startWith(start: Start): Promise<Pick<RunningService<unknown>, "ready">>;
}

/**
 * A service for a test system: its descriptor, and the options that its `main.ts` gives to `runService`. Settings
 * come from `env`, in which servers and ports need not be named.
 */
export function serve<
  Handlers extends object,
  Publish,
  Declared extends SettingDeclarations = SettingDeclarations,
  Evolutions = unknown,
>(
  descriptor: ServiceDescriptor<Handlers, Publish, Evolutions>,
  options: ServiceOptions<NoInfer<Handlers>, NoInfer<Publish>, Declared> & WithEvolutions<NoInfer<Evolutions>>,
): ServedService {
  return {
    descriptor,
    startWith: async (start) => start<Handlers, Publish, Declared, Evolutions>(descriptor, options),
  };
}
