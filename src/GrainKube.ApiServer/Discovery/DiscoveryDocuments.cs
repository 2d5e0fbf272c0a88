using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Aggregation;

namespace GrainKube.ApiServer.Discovery;

/// <summary>The discovery documents of what the registry holds and of what other servers have; made when first asked for after a change.</summary>
internal sealed class DiscoveryDocuments(ResourceRegistry registry, ExtensionApis extensions, ExtensionDiscovery others)
{
    private volatile Built? built;

    /// <summary>The documents as they were when other servers were last asked.</summary>
    public Built Last => Make(others.Last);

    /// <summary>The documents; asks other servers where that is due.</summary>
    public async ValueTask<Built> CurrentAsync(CancellationToken cancel) => Make(await others.CurrentAsync(cancel));

    /// <summary>True where there is, or will be once other servers are asked, a document of this path.</summary>
    public bool Has(string path) =>
        Last.ByPath.ContainsKey(path) || (extensions.Current.HasExtensions && extensions.Current.Extensions.Any(api => path == $"/apis/{api.Group}"));

    private Built Make(ExtensionPicture picture)
    {
        var all = registry.All;
        var now = built;
        if (now is null || now.Source != all || !ReferenceEquals(now.Others, picture))
        {
            built = now = new Built(all, picture);
        }

        return now;
    }

    /// <summary>A finished document.</summary>
    /// <param name="Json">Its bytes.</param>
    /// <param name="ETag">A hash of them, in quotes.</param>
    internal sealed record Document(byte[] Json, string ETag)
    {
        /// <summary>Whoever looks for a storage version's hash in the bytes finds it as it is, with its plus signs.</summary>
        private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        public static Document Of(JsonNode node)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(node, Relaxed);
            return new Document(json, $"\"{Convert.ToHexString(SHA512.HashData(json))}\"");
        }
    }

    internal sealed class Built
    {
        private readonly Dictionary<string, Document> aggregated = [];

        public Built(ImmutableArray<ResourceDefinition> source, ExtensionPicture others)
        {
            (Source, Others) = (source, others);
            Groups = [.. ServedGroup.From(source, others)];
            var named = Groups.Where(g => g.Name.Length > 0).ToList();
            ByPath["/apis"] = Document.Of(new JsonObject
            {
                ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. named.Select(g => PlainDiscovery.Group(g))]),
            });
            foreach (var group in Groups)
            {
                if (group.Name.Length > 0)
                {
                    ByPath[$"/apis/{group.Name}"] = Document.Of(PlainDiscovery.Group(group, whole: true));
                }

                foreach (var version in group.Versions.Where(v => v.Elsewhere is null))
                {
                    ByPath[PathOf(group.Name, version.Version)] = Document.Of(PlainDiscovery.Resources(group.Name, version));
                }
            }

            foreach (var version in AggregatedDiscovery.Versions)
            {
                aggregated[$"/api {version}"] = Document.Of(AggregatedDiscovery.Groups(version, Groups.Where(g => g.Name.Length == 0)));
                aggregated[$"/apis {version}"] = Document.Of(AggregatedDiscovery.Groups(version, named));
            }
        }

        public ImmutableArray<ResourceDefinition> Source { get; }

        public ExtensionPicture Others { get; }

        public IReadOnlyList<ServedGroup> Groups { get; }

        /// <summary>All paths of discovery, also those whose documents other servers have.</summary>
        public IEnumerable<string> Paths => ByPath.Keys.Concat(Others.Versions.Keys.Select(v => PathOf(v.Group, v.Version)));

        public SortedDictionary<string, Document> ByPath { get; } = new(StringComparer.Ordinal);

        public Document Aggregated(string path, string version) => aggregated[$"{path} {version}"];

        private static string PathOf(string group, string version) => group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}";
    }
}
