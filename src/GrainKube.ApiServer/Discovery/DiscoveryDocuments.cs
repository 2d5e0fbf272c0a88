using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Discovery;

/// <summary>The discovery documents of what the registry holds; made when first asked for after a change of the registry.</summary>
internal sealed class DiscoveryDocuments(ResourceRegistry registry)
{
    private volatile Built? built;

    public Built Current
    {
        get
        {
            var all = registry.All;
            var now = built;
            if (now is null || now.Source != all)
            {
                built = now = new Built(all);
            }

            return now;
        }
    }

    /// <summary>A finished document.</summary>
    /// <param name="Json">Its bytes.</param>
    /// <param name="ETag">A hash of them, in quotes.</param>
    internal sealed record Document(byte[] Json, string ETag)
    {
        public static Document Of(JsonNode node)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(node);
            return new Document(json, $"\"{Convert.ToHexString(SHA512.HashData(json))}\"");
        }
    }

    internal sealed class Built
    {
        private readonly Dictionary<string, Document> aggregated = [];

        public Built(ImmutableArray<ResourceDefinition> source)
        {
            Source = source;
            Groups = [.. ServedGroup.From(source)];
            var others = Groups.Where(g => g.Name.Length > 0).ToList();
            ByPath["/apis"] = Document.Of(new JsonObject
            {
                ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. others.Select(g => PlainDiscovery.Group(g))]),
            });
            foreach (var group in Groups)
            {
                if (group.Name.Length > 0)
                {
                    ByPath[$"/apis/{group.Name}"] = Document.Of(PlainDiscovery.Group(group, whole: true));
                }

                foreach (var version in group.Versions)
                {
                    ByPath[PathOf(group.Name, version.Version)] = Document.Of(PlainDiscovery.Resources(group.Name, version));
                }
            }

            foreach (var version in AggregatedDiscovery.Versions)
            {
                aggregated[$"/api {version}"] = Document.Of(AggregatedDiscovery.Groups(version, Groups.Where(g => g.Name.Length == 0)));
                aggregated[$"/apis {version}"] = Document.Of(AggregatedDiscovery.Groups(version, others));
            }
        }

        public ImmutableArray<ResourceDefinition> Source { get; }

        public IReadOnlyList<ServedGroup> Groups { get; }

        public SortedDictionary<string, Document> ByPath { get; } = new(StringComparer.Ordinal);

        public Document Aggregated(string path, string version) => aggregated[$"{path} {version}"];

        private static string PathOf(string group, string version) => group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}";
    }
}
