using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>An object's bytes in a served version. The storage version's lie ready; others are made when first asked for and kept as long as the object.</summary>
internal static class VersionedJson
{
    private static readonly ConditionalWeakTable<KubeObject, Made> Known = [];
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Of(KubeObject item, ServedVersion version)
    {
        if (version.FromStorage is null && item.Header.ApiVersion == version.ApiVersion)
        {
            return item.Json;
        }

        if (Known.TryGetValue(item, out var made) && made.Version == version)
        {
            return made.Json;
        }

        var node = item.ToNode();
        version.FromStorage?.Invoke(node);
        return Keep(item, node, version);
    }

    /// <summary>Makes ready what is about to be asked for, where one question for all is cheaper than one for each.</summary>
    public static void Prepare(IReadOnlyList<KubeObject> items, ServedVersion version)
    {
        if (version.FromStorageTogether is not { } convert || items.Count < 2)
        {
            return;
        }

        var missing = items.Where(item => !Known.TryGetValue(item, out var made) || made.Version != version).ToList();
        var nodes = missing.ConvertAll(item => item.ToNode());
        convert(nodes);
        for (var i = 0; i < nodes.Count; i++)
        {
            Keep(missing[i], nodes[i], version);
        }
    }

    private static byte[] Keep(KubeObject item, JsonObject node, ServedVersion version)
    {
        node["apiVersion"] = version.ApiVersion;
        var json = JsonSerializer.SerializeToUtf8Bytes(node, Relaxed);
        Known.AddOrUpdate(item, new Made(version, json));
        return json;
    }

    private sealed record Made(ServedVersion Version, byte[] Json);
}
