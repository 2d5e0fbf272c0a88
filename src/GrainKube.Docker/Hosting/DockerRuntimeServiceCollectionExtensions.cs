using GrainKube.Kubelet.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GrainKube.Docker.Hosting;

public static class DockerRuntimeServiceCollectionExtensions
{
    /// <summary>Makes Docker the node's <see cref="IContainerRuntime"/>. Nothing is contacted before its first use.</summary>
    public static IServiceCollection AddDockerRuntime(this IServiceCollection services, Action<DockerOptions> configure)
    {
        services.AddOptionsWithValidateOnStart<DockerOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DockerOptions>, DockerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IContainerRuntime, DockerRuntime>();
        return services;
    }
}
