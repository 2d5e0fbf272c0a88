using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GrainKube.Kubelet.Hosting;

/// <summary>Adds the kubelets of this process to its silo.</summary>
public static class KubeletRegistration
{
    /// <summary>
    /// Registers the kubelet. For a node with containers an <see cref="Runtime.IContainerRuntime"/> and an <see cref="Volumes.ITokenSource"/> must be registered too;
    /// <c>KubeletOptions.NodeName</c> must be the silo's name.
    /// </summary>
    public static IServiceCollection AddKubelet(this IServiceCollection services, Action<KubeletOptions>? configure = null)
    {
        services.AddOptions<KubeletOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KubeletOptions>, KubeletOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<NodeDispatch>();
        services.TryAddSingleton<NetworkProber>();
        services.TryAddSingleton<SimulatedRuntimes>();
        services.TryAddSingleton<NodeAgentFactory>();
        services.TryAddSingleton<NodeAgents>();
        return services;
    }

    /// <summary>Registers the kubelet and starts it with the silo.</summary>
    public static ISiloBuilder AddKubelet(this ISiloBuilder silo, Action<KubeletOptions>? configure = null)
    {
        silo.Services.AddKubelet(configure);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<NodeAgents>());
        silo.AddStartupTask<KubeletStart>();
        return silo;
    }
}
