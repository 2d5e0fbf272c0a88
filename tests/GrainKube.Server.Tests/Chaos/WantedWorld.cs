using System.Text.Json.Nodes;

namespace GrainKube.Server.Tests.Chaos;

/// <summary>What the API has, and so what the machine should have.</summary>
internal sealed class WantedWorld
{
    private WantedWorld()
    {
    }

    public required IReadOnlyList<JsonNode> Pods { get; init; }

    /// <summary>Deployments, stateful sets and jobs with what they ask for; jobs ask for nothing.</summary>
    public required IReadOnlyList<string> Applications { get; init; }

    /// <summary>Cluster addresses of services with one, by "name.namespace".</summary>
    public required IReadOnlyDictionary<string, string> Services { get; init; }

    /// <summary>Addresses of the endpoints of those services.</summary>
    public required IReadOnlyCollection<string> Endpoints { get; init; }

    public required IReadOnlyCollection<string> Claims { get; init; }

    public required IReadOnlyCollection<string> Volumes { get; init; }

    /// <summary>Addresses that are taken, as objects.</summary>
    public required IReadOnlyCollection<string> TakenAddresses { get; init; }

    public static async Task<WantedWorld> ReadAsync(HttpClient http)
    {
        var services = (await ItemsAsync(http, "/api/v1/services")).Where(service => Text(service, "spec", "clusterIP") is not ("None" or "")).ToList();
        var byName = services.ToDictionary(service => $"{NameOf(service)}.{Text(service, "metadata", "namespace")}", service => Text(service, "spec", "clusterIP"));
        var slices = (await ItemsAsync(http, "/apis/discovery.k8s.io/v1/endpointslices"))
            .Where(slice => byName.ContainsKey($"{slice["metadata"]!["labels"]?["kubernetes.io/service-name"]}.{Text(slice, "metadata", "namespace")}"));
        return new WantedWorld
        {
            Pods = await ItemsAsync(http, "/api/v1/pods"),
            Applications =
            [
                .. (await ItemsAsync(http, "/apis/apps/v1/deployments")).Select(NameAndReplicas),
                .. (await ItemsAsync(http, "/apis/apps/v1/statefulsets")).Select(NameAndReplicas),
                .. (await ItemsAsync(http, "/apis/batch/v1/jobs")).Select(job => NameOf(job) + " 0"),
            ],
            Services = byName,
            Endpoints = slices.SelectMany(slice => slice["endpoints"] as JsonArray ?? []).SelectMany(endpoint => endpoint!["addresses"]!.AsArray()).Select(address => (string)address!).ToHashSet(),
            Claims = [.. (await ItemsAsync(http, "/api/v1/persistentvolumeclaims")).Select(NameOf)],
            Volumes = [.. (await ItemsAsync(http, "/api/v1/persistentvolumes")).Select(NameOf)],
            TakenAddresses = [.. (await ItemsAsync(http, "/apis/networking.k8s.io/v1/ipaddresses")).Select(NameOf)],
        };
    }

    public static string NameOf(JsonNode item) => Text(item, "metadata", "name");

    public static string UidOf(JsonNode item) => Text(item, "metadata", "uid");

    /// <summary>A field; empty where there is none.</summary>
    public static string Text(JsonNode item, string first, string second) => (string?)item[first]?[second] ?? "";

    private static string NameAndReplicas(JsonNode item) => $"{NameOf(item)} {item["spec"]!["replicas"]}";

    private static async Task<IReadOnlyList<JsonNode>> ItemsAsync(HttpClient http, string path) =>
        [.. JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!["items"]!.AsArray().Select(item => item!)];
}
