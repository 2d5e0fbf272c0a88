using GrainKube.Networking.Ingress.Forwarding;
using GrainKube.Networking.Ingress.Routing;
using GrainKube.Networking.Ingress.Status;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Networking.Ingress.Hosting;

/// <summary>Adds ingress to a silo.</summary>
public static class IngressRegistration
{
    /// <summary>The doors of this silo's node.</summary>
    public static IServiceCollection AddIngress(this IServiceCollection services, Action<IngressOptions> configure)
    {
        services.Configure(configure);
        services.AddHttpForwarder();
        services.AddSingleton<IngressState>();
        services.AddSingleton<IngressFeed>();
        services.AddSingleton<IngressForwarding>();
        services.AddSingleton<IngressServer>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<IngressServer>());
        return services;
    }

    /// <summary>The class of the doors, and the status of the objects that they serve; on every silo of a cluster that has doors.</summary>
    public static IServiceCollection AddIngressStatus(this IServiceCollection services) => services.AddReconciler<IngressClassReconciler>().AddReconciler<IngressReconciler>();
}
