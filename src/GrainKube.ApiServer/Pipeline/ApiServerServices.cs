using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Aggregation;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Components;
using GrainKube.ApiServer.Discovery;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Evictions;
using GrainKube.ApiServer.FlowControl;
using GrainKube.ApiServer.Health;
using GrainKube.ApiServer.Metrics;
using GrainKube.ApiServer.OpenApi;
using GrainKube.ApiServer.Proxying;
using GrainKube.ApiServer.Streaming;
using GrainKube.ApiServer.Streaming.PortForward;
using GrainKube.ApiServer.Watches;
using GrainKube.Objects.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Registers the API server. Needs <c>ResourceRegistry</c>, <c>WatchCache</c> and Orleans' grain factory in the same container.</summary>
public static class ApiServerServices
{
    public static IServiceCollection AddApiServer(this IServiceCollection services, Action<ApiServerOptions>? configure = null)
    {
        services.AddOptions<ApiServerOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AccessQuestion>();
        services.TryAddSingleton<Permission>();
        services.TryAddSingleton<Dispatcher>();
        services.TryAddSingleton<Verbs>();
        services.TryAddSingleton<Subresources>();
        services.TryAddSingleton<UnstoredResources>();
        services.TryAddSingleton<ComputedResources>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IComponentProbe, StoreComponent>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IComputedResource, ComponentStatusResource>());
        services.TryAddSingleton<ClusterUsage>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IComputedResource, NodeMetricsResource>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IComputedResource, PodMetricsResource>());
        services.TryAddSingleton<ObjectWriter>();
        services.TryAddSingleton<Freshness>();
        services.TryAddSingleton<Shaping>();
        services.TryAddSingleton<GetEndpoint>();
        services.TryAddSingleton<ListEndpoint>();
        services.TryAddSingleton<WatchFanOut>();
        services.TryAddSingleton<WatchEndpoint>();
        services.TryAddSingleton<CreateEndpoint>();
        services.TryAddSingleton<UpdateEndpoint>();
        services.TryAddSingleton<PatchEndpoint>();
        services.TryAddSingleton<DeleteEndpoint>();
        services.TryAddSingleton<DeleteCollectionEndpoint>();
        services.TryAddSingleton<DiscoveryDocuments>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPathEndpoint, RootEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPathEndpoint, DiscoveryEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPathEndpoint, VersionEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPathEndpoint, HealthEndpoint>());
        services.TryAddSingleton<FlowController>();
        services.TryAddSingleton<WatchCounts>();
        services.TryAddSingleton<WorkEstimate>();
        services.TryAddSingleton<ContainerStreams>();
        services.TryAddSingleton<OpenApiDocuments>();
        services.TryAddSingleton<ExtensionSwagger>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPathEndpoint, OpenApiEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStreamEndpoint, PodLogEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStreamEndpoint, PodExecEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStreamEndpoint, PodAttachEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStreamEndpoint, PortForwardEndpoint>());
        services.TryAddSingleton<PodConnections>();
        services.TryAddSingleton<ProxyForwarder>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStreamEndpoint, PodProxyEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStreamEndpoint, ServiceProxyEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStreamEndpoint, NodeProxyEndpoint>());
        services.TryAddSingleton<IObjectReader, CachedObjects>();
        services.TryAddSingleton<DisruptionBudgets>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, PodEvictions>());
        services.TryAddSingleton<StartProgress>();
        return services.AddWebhooks().AddAggregation();
    }
}
