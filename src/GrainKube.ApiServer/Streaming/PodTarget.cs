using GrainKube.ApiServer.Requests;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using k8s.Models;

namespace GrainKube.ApiServer.Streaming;

/// <summary>The pod that a stream is asked of, and the container in it.</summary>
internal sealed record PodTarget(KubeObject Pod, string Node, string Container)
{
    /// <exception cref="ApiException">404 or 400 in upstream's words.</exception>
    public static async Task<PodTarget> FindAsync(ResourceCall call, GetEndpoint get)
    {
        var item = await get.FindAsync(call);
        var pod = item.As<V1Pod>();
        return new PodTarget(item, pod.Spec.NodeName ?? "", ContainerOf(pod, call.Http.Request.Query.First("container")));
    }

    private static string ContainerOf(V1Pod pod, string asked)
    {
        var containers = pod.Spec.Containers.Select(c => c.Name).ToList();
        var init = (pod.Spec.InitContainers ?? []).Select(c => c.Name).ToList();
        var ephemeral = (pod.Spec.EphemeralContainers ?? []).Select(c => c.Name).ToList();
        if (asked.Length > 0)
        {
            return containers.Contains(asked) || init.Contains(asked) || ephemeral.Contains(asked)
                ? asked
                : throw ApiException.BadRequest($"container {asked} is not valid for pod {pod.Metadata.Name}");
        }

        if (containers.Count == 1)
        {
            return containers[0];
        }

        var choice = containers.Count == 0 ? "" : $", choose one of: [{string.Join(' ', containers)}]";
        var initChoice = init.Count == 0 ? "" : $" or one of the init containers: [{string.Join(' ', init)}]";
        throw ApiException.BadRequest($"a container name must be specified for pod {pod.Metadata.Name}{choice}{initChoice}");
    }
}
