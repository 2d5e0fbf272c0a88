using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Networking.NodeRanges;

/// <summary>Registers the controller of pod ranges.</summary>
public static class NodeRangeRegistration
{
    public static IServiceCollection AddNodeRanges(this IServiceCollection services, Action<NodeRangeOptions>? configure = null)
    {
        services.AddOptions<NodeRangeOptions>().Configure(options => configure?.Invoke(options));
        return services.AddReconciler<NodeRangeReconciler>();
    }
}
