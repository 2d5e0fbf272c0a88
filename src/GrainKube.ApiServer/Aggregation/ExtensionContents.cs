using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Proxying;
using GrainKube.Objects.Aggregation;

namespace GrainKube.ApiServer.Aggregation;

/// <inheritdoc/>
internal sealed class ExtensionContents(ExtensionDiscovery discovery, ExtensionConnections connections) : IExtensionContents
{
    public async Task<ExtensionRemains> EmptyAsync(string ns, CancellationToken cancel)
    {
        var picture = await discovery.CurrentAsync(cancel);
        if (!picture.Source.HasExtensions)
        {
            return ExtensionRemains.None;
        }

        var (left, failures, unknown) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<string>(), new List<string>());
        foreach (var (key, entry) in picture.Versions.OrderBy(v => v.Key))
        {
            if ((string?)entry["freshness"] != "Current")
            {
                unknown.Add($"{key.Group}/{key.Version}");
                continue;
            }

            foreach (var resource in ExtensionResource.Of(picture, key, entry).Where(r => r.IsNamespaced && r.Verbs.Contains("delete")))
            {
                var name = $"{resource.Name}.{key.Group}";
                var path = $"/apis/{key.Group}/{key.Version}/namespaces/{ns}/{resource.Name}";
                try
                {
                    if (await EmptyAsync(resource.Target, path, resource.Verbs, cancel) is > 0 and var count)
                    {
                        left[name] = count;
                    }
                }
                catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or CryptographicException or IOException)
                {
                    failures.Add($"{name}: {ConnectionFailures.Words(failure)}");
                }
            }
        }

        return new ExtensionRemains(left, failures, unknown);
    }

    private async Task<int> EmptyAsync(ExtensionTarget target, string path, IReadOnlyList<string> verbs, CancellationToken cancel)
    {
        var names = verbs.Contains("list") ? await NamesAsync(target, path, cancel) : [];
        if (verbs.Contains("deletecollection"))
        {
            if (names.Count > 0 || !verbs.Contains("list"))
            {
                Check(await connections.AskAsync(HttpMethod.Delete, target, path, "application/json", cancel));
            }
        }
        else
        {
            foreach (var name in names)
            {
                Check(await connections.AskAsync(HttpMethod.Delete, target, $"{path}/{name}", "application/json", cancel));
            }
        }

        return names.Count == 0 ? 0 : (await NamesAsync(target, path, cancel)).Count;
    }

    private async Task<List<string>> NamesAsync(ExtensionTarget target, string path, CancellationToken cancel)
    {
        var answer = await connections.AskAsync(HttpMethod.Get, target, path, "application/json", cancel);
        Check(answer);
        return answer.Code == HttpStatusCode.OK
            ? [.. ((JsonNode.Parse(answer.Body) as JsonObject)?["items"] as JsonArray ?? []).Select(item => (string?)item?["metadata"]?["name"] ?? "")]
            : [];
    }

    /// <summary>What is not there needs no deletion, and what cannot be done so is not held against it.</summary>
    private static void Check(ExtensionAnswer answer)
    {
        if ((int)answer.Code is >= 400 and not (404 or 405))
        {
            throw new HttpRequestException($"the server answered {(int)answer.Code}");
        }
    }
}
