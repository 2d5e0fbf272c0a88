using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Authorization.Nodes;

/// <summary>The objects of its namespace that a pod refers to; read once for each version of the pod.</summary>
internal sealed class PodReferences
{
    private const string Mirror = "kubernetes.io/config.mirror";
    private static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    // Where drivers of volumes are told the name of a Secret.
    private static readonly string[] WithSecretRef = ["cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos"];

    private static readonly string[] OfDriver = ["controllerPublishSecretRef", "nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef"];

    private PodReferences(JsonObject pod)
    {
        if (pod["spec"] is not JsonObject spec)
        {
            return;
        }

        Account = (string?)spec["serviceAccountName"] ?? "";
        Add(Secrets, (spec["imagePullSecrets"] as JsonArray ?? []).Select(s => s?["name"]));
        foreach (var container in ContainerLists.SelectMany(list => spec[list] as JsonArray ?? []))
        {
            var sources = (container?["env"] as JsonArray ?? []).Select(e => e?["valueFrom"]).ToArray();
            var all = (container?["envFrom"] as JsonArray ?? []).ToArray();
            Add(Secrets, [.. sources.Select(s => s?["secretKeyRef"]?["name"]), .. all.Select(e => e?["secretRef"]?["name"])]);
            Add(ConfigMaps, [.. sources.Select(s => s?["configMapKeyRef"]?["name"]), .. all.Select(e => e?["configMapRef"]?["name"])]);
        }

        foreach (var volume in (spec["volumes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Take(volume, (string?)pod["metadata"]?["name"] ?? "");
        }

        foreach (var claim in (pod["status"]?["resourceClaimStatuses"] as JsonArray ?? []).Concat(spec["resourceClaims"] as JsonArray ?? []))
        {
            Add(ResourceClaims, [claim?["resourceClaimName"]]);
        }
    }

    public string Account { get; } = "";
    public HashSet<string> Secrets { get; } = new(StringComparer.Ordinal);
    public HashSet<string> ConfigMaps { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Claims { get; } = new(StringComparer.Ordinal);
    public HashSet<string> ResourceClaims { get; } = new(StringComparer.Ordinal);

    /// <summary>What a pod of the API refers to; a mirror pod refers to nothing: who writes a file on a node must not reach by it what the API holds.</summary>
    public static PodReferences Of(KubeObject pod) => pod.Derive(static found =>
    {
        var json = found.ToNode();
        return new PodReferences(json["metadata"]?["annotations"]?[Mirror] is null ? json : []);
    });

    /// <summary>Everything that is named in a pod.</summary>
    public static PodReferences OfSpec(JsonObject pod) => new(pod);

    /// <summary>The Secrets, with their namespaces, that a volume's driver is given.</summary>
    public static IEnumerable<(string Namespace, string Name)> SecretsOf(JsonObject volume, string claimNamespace)
    {
        var spec = volume["spec"];
        foreach (var driver in WithSecretRef)
        {
            if ((string?)spec?[driver]?["secretRef"]?["name"] is { } name)
            {
                yield return ((string?)spec[driver]!["secretRef"]!["namespace"] ?? claimNamespace, name);
            }
        }

        if ((string?)spec?["azureFile"]?["secretName"] is { } azure)
        {
            yield return ((string?)spec["azureFile"]!["secretNamespace"] ?? claimNamespace, azure);
        }

        foreach (var purpose in OfDriver)
        {
            if (spec?["csi"]?[purpose] is { } reference)
            {
                yield return ((string?)reference["namespace"] ?? claimNamespace, (string?)reference["name"] ?? "");
            }
        }
    }

    private void Take(JsonObject volume, string pod)
    {
        Add(Secrets, [volume["secret"]?["secretName"], volume["csi"]?["nodePublishSecretRef"]?["name"], volume["azureFile"]?["secretName"], .. WithSecretRef.Select(d => volume[d]?["secretRef"]?["name"])]);
        Add(ConfigMaps, [volume["configMap"]?["name"]]);
        Add(Claims, [volume["persistentVolumeClaim"]?["claimName"]]);
        if (volume["ephemeral"] is not null)
        {
            Claims.Add($"{pod}-{(string?)volume["name"]}");
        }

        foreach (var source in volume["projected"]?["sources"] as JsonArray ?? [])
        {
            Add(Secrets, [source?["secret"]?["name"]]);
            Add(ConfigMaps, [source?["configMap"]?["name"]]);
        }
    }

    private static void Add(HashSet<string> names, IEnumerable<JsonNode?> found) => names.UnionWith(found.Select(n => (string?)n).OfType<string>());
}
