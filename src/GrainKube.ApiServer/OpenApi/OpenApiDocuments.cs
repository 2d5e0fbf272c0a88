using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Aggregation;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>
/// The OpenAPI documents of what the registry holds. Each is made when first asked for; they are large and seldom read, so that they may be forgotten under memory pressure.
/// </summary>
internal sealed class OpenApiDocuments(ResourceRegistry registry)
{
    private const string Title = "Kubernetes";
    private const string Version = "v1.37.0";
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private volatile Built? built;

    /// <summary>The index of the documents of version 3, with those that other servers have.</summary>
    public byte[] IndexWith(ExtensionPicture others)
    {
        var index = Current.Index.Value;
        if (!others.Source.HasExtensions)
        {
            return index;
        }

        var whole = (JsonObject)JsonNode.Parse(index)!;
        var paths = (JsonObject)whole["paths"]!;
        foreach (var api in others.Source.Extensions)
        {
            paths.Remove($"apis/{api.Group}/{api.Version}");
        }

        foreach (var (path, address) in others.OpenApi)
        {
            paths[path] = new JsonObject { ["serverRelativeURL"] = address };
        }

        return JsonSerializer.SerializeToUtf8Bytes(whole, Relaxed);
    }

    /// <summary>
    /// The document of one group and version, by the path below <c>/openapi/v3/</c>, and the hash that <see cref="IndexWith"/> gives for it; null where it is not served.
    /// </summary>
    public (byte[] Json, string Hash)? V3(string path)
    {
        var now = Current;
        return now.V3(path) is { } json ? (json, now.HashOf(path)) : null;
    }

    public byte[] V2Json => Current.Get("v2", () => JsonSerializer.SerializeToUtf8Bytes(MakeV2(registry.All), Relaxed));

    /// <summary>The document of version 2 in protobuf, which kubectl before 1.27 reads alone.</summary>
    public byte[] V2Protobuf => Current.Get("v2pb", () => SwaggerProtobuf.Encode(MakeV2(registry.All)));

    private Built Current
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

    private static JsonObject MakeV2(IEnumerable<ResourceDefinition> all)
    {
        var definitions = new DefinitionSet(Dialect.V2);
        var paths = new PathSet(Dialect.V2, definitions);
        paths.Discover(null, null);
        paths.AddPlain();
        foreach (var kind in Kinds(all))
        {
            paths.Discover(kind.Group, null);
            paths.Discover(kind.Group, kind.Version.Version);
            paths.Add(kind);
        }

        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = Info(),
            ["paths"] = paths.ToJson(),
            ["definitions"] = definitions.ToJson(),
            ["securityDefinitions"] = new JsonObject
            {
                ["BearerToken"] = new JsonObject { ["description"] = "Bearer Token authentication", ["type"] = "apiKey", ["name"] = "authorization", ["in"] = "header" },
            },
            ["security"] = new JsonArray(new JsonObject { ["BearerToken"] = new JsonArray() }),
        };
    }

    private static JsonObject Info() => new() { ["title"] = Title, ["version"] = Version };

    private static IEnumerable<ServedKind> Kinds(IEnumerable<ResourceDefinition> all) =>
        all.SelectMany(definition => definition.Versions.Where(version => version.IsServed).Select(version => new ServedKind(definition, version)));

    private sealed class Built
    {
        private readonly ConcurrentDictionary<string, WeakReference<byte[]>> made = new();
        private readonly Dictionary<string, List<ServedKind>> byPath;

        public Built(ImmutableArray<ResourceDefinition> source)
        {
            Source = source;
            byPath = Kinds(source).GroupBy(kind => kind.Root[1..]).ToDictionary(group => group.Key, group => group.ToList());
            Index = new(MakeIndex);
        }

        public ImmutableArray<ResourceDefinition> Source { get; }

        public Lazy<byte[]> Index { get; }

        public byte[]? V3(string path) => byPath.TryGetValue(path, out var kinds) ? Get(path, () => JsonSerializer.SerializeToUtf8Bytes(MakeV3(kinds), Relaxed)) : null;

        public byte[] Get(string name, Func<byte[]> make)
        {
            var reference = made.GetOrAdd(name, _ => new WeakReference<byte[]>([]));
            if (reference.TryGetTarget(out var document) && document.Length > 0)
            {
                return document;
            }

            lock (reference)
            {
                if (!reference.TryGetTarget(out document) || document.Length == 0)
                {
                    document = make();
                    reference.SetTarget(document);
                }

                return document;
            }
        }

        public string HashOf(string path)
        {
            var kinds = byPath[path];

            // Built-in kinds change with the program alone, so their documents need not be made to be told apart; custom ones do.
            var bytes = kinds.Any(kind => kind.Definition.Model is null)
                ? V3(path)!
                : Encoding.UTF8.GetBytes($"{typeof(OpenApiDocuments).Assembly.ManifestModule.ModuleVersionId} {path} {string.Join(',', kinds.Select(kind => kind.Kind))}");
            return Convert.ToHexString(SHA512.HashData(bytes));
        }

        private byte[] MakeIndex()
        {
            var paths = new JsonObject();
            foreach (var path in byPath.Keys.Order(StringComparer.Ordinal))
            {
                paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={HashOf(path)}" };
            }

            return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["paths"] = paths }, Relaxed);
        }

        private static JsonObject MakeV3(List<ServedKind> kinds)
        {
            var definitions = new DefinitionSet(Dialect.V3);
            var paths = new PathSet(Dialect.V3, definitions);
            paths.Discover(kinds[0].Group, kinds[0].Version.Version);
            foreach (var kind in kinds)
            {
                paths.Add(kind);
            }

            return new JsonObject
            {
                ["openapi"] = "3.0.0", ["info"] = Info(), ["paths"] = paths.ToJson(), ["components"] = new JsonObject { ["schemas"] = definitions.ToJson() },
            };
        }
    }
}
