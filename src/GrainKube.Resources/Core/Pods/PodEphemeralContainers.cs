using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Pods;

/// <summary><c>pods/ephemeralcontainers</c>: the only way to add a debugging container to a pod; carries over nothing else.</summary>
internal static class PodEphemeralContainers
{
    public static readonly Subresource Subresource = new()
    {
        Name = "ephemeralcontainers",
        Group = "",
        Version = "v1",
        Kind = "Pod",
        Verbs = ["get", "patch", "update"],
        Apply = (pod, body, _) => pod["spec"]!.AsObject().CarryOver("ephemeralContainers", body["spec"] as JsonObject),
    };
}
