using System.Text.Json.Nodes;

namespace GrainKube.Controllers.Deployments;

/// <summary>Annotations that deployments and their ReplicaSets share with kubectl.</summary>
internal static class DeploymentAnnotations
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string RevisionHistory = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    private static readonly HashSet<string> NotCopied =
        ["kubectl.kubernetes.io/last-applied-configuration", Revision, RevisionHistory, DesiredReplicas, MaxReplicas, "deprecated.deployment.rollback.to"];

    /// <summary>The deployment's own annotations that its new ReplicaSet carries too (the change cause among them).</summary>
    public static IEnumerable<KeyValuePair<string, string>> Inherited(JsonNode deployment) =>
        from annotation in deployment["metadata"]?["annotations"] as JsonObject ?? []
        where !NotCopied.Contains(annotation.Key)
        select KeyValuePair.Create(annotation.Key, (string?)annotation.Value ?? "");
}
