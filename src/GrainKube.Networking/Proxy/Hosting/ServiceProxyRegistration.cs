using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Networking.Proxy.Hosting;

/// <summary>Adds the service proxy of this process's node to its silo.</summary>
public static class ServiceProxyRegistration
{
    /// <summary>Starts it when the silo is up. It changes the rules of this machine: leave it out where no real containers run.</summary>
    public static ISiloBuilder AddServiceProxy(this ISiloBuilder silo, Action<ServiceProxyOptions> configure)
    {
        silo.Services.AddOptions<ServiceProxyOptions>().Configure(configure);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ServiceProxyLifecycle>();
        return silo;
    }
}
