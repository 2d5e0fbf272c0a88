using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Testing.Clusters;

/// <summary>Small objects for tests, as a user would write them, and objects as the cache would hold them.</summary>
public static class Sample
{
    public static JsonObject Namespace(string name) => Parse($$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{name}}"} }""");

    public static JsonObject Pod(string name, string labels = "{}", string spec = "") => Parse(
        $$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","labels":{{labels}} },"spec":{ {{spec}}{{(spec.Length > 0 ? "," : "")}}"containers":[{"name":"main","image":"app:1"}]} }""");

    public static JsonObject ConfigMap(string name, string metadata = "") => Parse(
        $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}"{{(metadata.Length > 0 ? "," : "")}}{{metadata}} } }""");

    /// <summary>A ReplicaSet whose pods carry <c>app: name</c> and stop at once.</summary>
    public static JsonObject ReplicaSet(string name, int replicas, string image = "app:1") => Workload("ReplicaSet", name, replicas, image, "");

    /// <summary>A Deployment whose pods carry <c>app: name</c> and stop at once.</summary>
    /// <param name="name">Name, and value of the label <c>app</c>.</param>
    /// <param name="replicas">Wanted pods.</param>
    /// <param name="image">Another image is another template.</param>
    /// <param name="spec">More members of the spec, for example <c>"paused":true</c>.</param>
    public static JsonObject Deployment(string name, int replicas, string image = "app:1", string spec = "") => Workload("Deployment", name, replicas, image, spec);

    /// <summary>The JSON of an object as the cache would hold it, header read from its metadata.</summary>
    public static KubeObject Object(string group, string resource, JsonObject json)
    {
        var metadata = json["metadata"]!.AsObject();
        var (ns, name) = ((string?)metadata["namespace"] ?? "", (string)metadata["name"]!);
        return new KubeObject(new ObjectKey(group, resource, ns, name), Header(json, metadata, ns, name), System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static ObjectHeader Header(JsonObject json, JsonObject metadata, string ns, string name) => new()
    {
        ApiVersion = (string)json["apiVersion"]!,
        Kind = (string)json["kind"]!,
        Name = name,
        Namespace = ns,
        Uid = (string?)metadata["uid"] ?? $"uid-{ns}-{name}",
        Revision = long.Parse((string?)metadata["resourceVersion"] ?? "1", CultureInfo.InvariantCulture),
        Generation = (long?)metadata["generation"] ?? 0,
        Labels = (metadata["labels"] as JsonObject ?? []).ToDictionary(l => l.Key, l => (string)l.Value!),
        Owners =
        [
            .. (metadata["ownerReferences"] as JsonArray ?? []).Select(o => new OwnerReference(
                (string)o!["apiVersion"]!, (string)o["kind"]!, (string)o["name"]!, (string)o["uid"]!, (bool?)o["controller"] == true, (bool?)o["blockOwnerDeletion"] == true)),
        ],
        Finalizers = [.. (metadata["finalizers"] as JsonArray ?? []).Select(f => (string)f!)],
        CreationTimestamp = Time(metadata["creationTimestamp"]),
        DeletionTimestamp = Time(metadata["deletionTimestamp"]),
    };

    private static DateTimeOffset? Time(JsonNode? node) => node is null ? null : DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture);

    private static JsonObject Workload(string kind, string name, int replicas, string image, string spec) => Parse(
        $$"""
        {"apiVersion":"apps/v1","kind":"{{kind}}","metadata":{"name":"{{name}}"},"spec":{ {{spec}}{{(spec.Length > 0 ? "," : "")}}
         "replicas":{{replicas}},"selector":{"matchLabels":{"app":"{{name}}"} },"template":{"metadata":{"labels":{"app":"{{name}}"} },
         "spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"main","image":"{{image}}"}]} } } }
        """);
}
